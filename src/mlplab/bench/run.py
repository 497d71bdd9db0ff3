"""The bench as a whole: all its parts in turn; a process for each side."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from mlplab.bench.browser_rate import (
    EXACT,
    FUSED,
    IN_NODE,
    NATIVE,
    BrowserRate,
    browser_steps,
    browser_workloads,
    measure_browser,
)
from mlplab.bench.cluster_rate import (
    ON_CLUSTER,
    ONE_PROCESS,
    ClusterRate,
    cluster_steps,
    measure_cluster,
)
from mlplab.bench.curves import Curve, measure_curve, plans
from mlplab.bench.dask_cluster import started_cluster
from mlplab.bench.end_to_end import EndToEnd, cases, measure_end_to_end, sides_of
from mlplab.bench.estimator_fits import (
    FITS_BESIDE,
    EstimatorFits,
    fits_in_all,
    measure_fits,
    missing_for_fits,
)
from mlplab.bench.full_store import full_store_runs, full_store_steps, measure_full_store
from mlplab.bench.leaving_out import measured_beside, not_installed
from mlplab.bench.machine import DISTRIBUTIONS, Watch, load, machine
from mlplab.bench.node import Node, find_node
from mlplab.bench.own_processes import adopting_orphans
from mlplab.bench.page_rate import (
    IN_CHROMIUM,
    MEASUREMENTS,
    PageRate,
    measure_page,
    missing_for_page,
)
from mlplab.bench.record import Compared, Record, Settings
from mlplab.bench.regularised import (
    BESIDE,
    Regularised,
    measure_regularised,
    regularised_steps,
    regularised_workload,
)
from mlplab.bench.rounds import measure_pairs
from mlplab.bench.search_beside import (
    SEARCH_BESIDE,
    SearchBeside,
    measure_search,
    searches_in_all,
)
from mlplab.bench.side import KERNELS, SGEMM, WHOLE_CALL, Side
from mlplab.bench.starting import measure_starting
from mlplab.bench.store_figures import StoreFigures
from mlplab.bench.store_overhead import KEPT, measure_overheads, overhead_steps, stored_workload
from mlplab.bench.tasks import (
    BROWSER,
    CLUSTER,
    CURVES,
    ESTIMATORS,
    FULL_STORE,
    OVERHEAD,
    PAGE,
    REGULARISED,
    SEARCH,
    STARTING,
    TUNING,
    counting,
    select_parts,
    task_of,
)
from mlplab.bench.tuning import TUNED_BESIDE, missing_modules
from mlplab.bench.tuning_compared import TuningCompared, measure_tuning, tuning_plan
from mlplab.bench.worker import Worker
from mlplab.bench.workload import Workload, whole_workload, workloads
from mlplab.engine import usable_cores
from mlplab.errors import MlplabError
from mlplab.report.progress import OnTaskProgress, ignore_progress
from mlplab.report.results import installed_versions

CURVE_ROUNDS = 3
"""At most: curves are for looking at."""


@adopting_orphans()
def run_bench(
    settings: Settings,
    peers: Sequence[Side],
    progress: OnTaskProgress | None = None,
    folder: Path = Path(),
) -> Record:
    """Measure everything.

    Parameters
    ----------
    settings : Settings
    peers : sequence of Side
        Those that are not installed are left out, and named in the record.
    progress : callable, optional
        Called with a task, its steps done, and its steps in all.
    folder : Path
        On the disk whose stores are measured; they are deleted at the end.

    Raises
    ------
    MlplabError
        If there is no round, a part is unknown, or there are not as many cores as threads.
    """
    progress = progress or ignore_progress
    if settings.rounds < 1:
        raise MlplabError(f"rounds must be at least 1, received {settings.rounds}")
    select_parts(settings.parts)
    if not 1 <= settings.threads <= usable_cores():
        raise MlplabError(
            f"threads must be from 1 to {usable_cores()}, the cores that this process may use, "
            f"received {settings.threads}"
        )
    parts = settings.parts
    began, clock, load_before = datetime.now(UTC), time.perf_counter(), load()
    watch = Watch()
    left_out = {side.name: not_installed(side.missing) for side in peers if side.missing}
    installed = [side for side in peers if side.name not in left_out]
    end_to_end: tuple[EndToEnd, ...] = ()
    compared: tuple[Compared, ...] = ()
    curves: tuple[Curve, ...] = ()
    starting = None
    if "end-to-end" in settings.parts:
        end_to_end = _measure_end_to_end(installed, left_out, settings, progress)
    regularised = None
    if "regularised" in settings.parts:
        regularised = _measure_regularised(settings, progress, left_out)
    if "peers" in settings.parts or "curves" in settings.parts:
        sides = [KERNELS]
        if "peers" in settings.parts:
            sides += [WHOLE_CALL, SGEMM, *(side for side in installed if not side.end_to_end)]
        with _workers([(side, settings.threads) for side in sides], left_out) as opened:
            workers = {name: worker for (name, _), worker in opened.items()}
            if "peers" in settings.parts:
                compared = tuple(
                    _compare(workload, workers, settings, progress)
                    for workload in workloads(settings.quick)
                )
            if "curves" in settings.parts:
                curves = _measure_curves(workers[KERNELS.name], settings, progress)
    if "start" in settings.parts:
        starting_rounds = settings.rounds + 1
        starting = measure_starting(
            settings.rounds,
            compile_too=not settings.quick,
            on_process=counting(progress, STARTING, starting_rounds),
        )
    store = _measure_store(settings, progress, folder, left_out) if "store" in parts else None
    common = (settings, progress, left_out)
    tuning = measured_beside("tuning", TUNED_BESIDE, missing_modules, _measure_tuning, *common)
    estimators = measured_beside(
        "estimators", FITS_BESIDE, missing_for_fits, _measure_fits, *common
    )
    search = measured_beside("search", SEARCH_BESIDE, missing_for_fits, _measure_search, *common)
    cluster = _measure_cluster(settings, progress, folder, left_out) if "cluster" in parts else None
    browser = _measure_browser(settings, progress, left_out) if "browser" in parts else None
    page = _measure_page(settings, progress, left_out) if "page" in parts else None
    return Record(
        settings=settings,
        began=began.isoformat(timespec="seconds"),
        seconds=time.perf_counter() - clock,
        machine=machine(),
        load={"before": load_before, "after": load(), "others": watch.others()},
        versions=installed_versions(DISTRIBUTIONS),
        left_out=left_out,
        end_to_end=end_to_end,
        regularised=regularised,
        compared=compared,
        curves=curves,
        starting=starting,
        store=store,
        tuning=tuning,
        estimators=estimators,
        search=search,
        cluster=cluster,
        browser=browser,
        page=page,
    )


@contextmanager
def _workers(
    sides: Sequence[tuple[Side, int]], left_out: dict[str, str], temporary: Path | None = None
) -> Iterator[dict[tuple[str, int], Worker]]:
    """Give a process for each side and its threads; those that cannot be imported are left out."""
    with ExitStack() as stack:
        workers = {
            (side.name, threads): stack.enter_context(Worker(side, threads, temporary))
            for side, threads in sides
        }
        for (name, threads), worker in list(workers.items()):
            why = worker.missing()
            if why is not None:
                left_out[name] = why
                del workers[name, threads]
        yield workers


def _measure_end_to_end(
    installed: Sequence[Side],
    left_out: dict[str, str],
    settings: Settings,
    progress: OnTaskProgress,
) -> tuple[EndToEnd, ...]:
    peers = [side for side in installed if side.end_to_end]
    with _workers(sides_of(settings.threads, peers), left_out) as workers:
        return tuple(
            measure_end_to_end(
                case,
                workers,
                settings.threads,
                settings.rounds,
                partial(progress, task_of(case)),
            )
            for case in cases()
        )


def _measure_regularised(
    settings: Settings, progress: OnTaskProgress, left_out: dict[str, str]
) -> Regularised | None:
    missing = {side.name: not_installed(side.missing) for side in BESIDE if side.missing}
    left_out |= missing
    beside = [side for side in BESIDE if side.name not in missing]
    if not beside:
        return None
    sides = [(side, settings.threads) for side in (WHOLE_CALL, *beside)]
    with _workers(sides, left_out) as opened:
        workers = {name: worker for (name, _), worker in opened.items()}
        return measure_regularised(
            regularised_workload(settings.quick),
            workers,
            settings.rounds,
            counting(progress, REGULARISED, regularised_steps(len(workers) - 1, settings.rounds)),
        )


def _compare(
    workload: Workload, workers: Mapping[str, Worker], settings: Settings, progress: OnTaskProgress
) -> Compared:
    """Measure one workload on all sides, and the whole call of `mlplab.train` once."""
    chosen = {
        name: worker
        for name, worker in workers.items()
        if name != WHOLE_CALL.name
        and not (worker.side.needs_population and workload.population == 1)
    }
    others = {name: worker for name, worker in chosen.items() if name != KERNELS.name}
    total = len(chosen) + settings.rounds * len(others) + 2
    count = counting(progress, workload.name, total)
    ready = {}
    for name, worker in chosen.items():
        ready[name] = worker.prepare(workload)
        count()
    pairs = measure_pairs(
        chosen[KERNELS.name].measure,
        {name: worker.measure for name, worker in others.items()},
        settings.rounds,
        count,
    )
    workers[WHOLE_CALL.name].prepare(workload)  # which loads what is compiled
    count()
    whole = whole_workload(workload)
    if settings.quick:
        whole = whole.lasting(workload.epochs)
    whole_seconds = workers[WHOLE_CALL.name].prepare(whole).first_seconds
    count()
    return Compared(workload, ready, pairs, whole_seconds, whole.epochs)


def _measure_curves(
    worker: Worker, settings: Settings, progress: OnTaskProgress
) -> tuple[Curve, ...]:
    wanted = plans(settings.quick, settings.threads)
    rounds = min(settings.rounds, CURVE_ROUNDS)
    total = sum(len(plan.workloads) for plan in wanted) * (rounds + 1)
    count = counting(progress, CURVES, total)

    def seconds_of(workload: Workload) -> float:
        first = worker.prepare(workload).first_seconds
        return first / (workload.population * workload.epochs)

    return tuple(measure_curve(plan, seconds_of, rounds, count) for plan in wanted)


def _measure_store(
    settings: Settings, progress: OnTaskProgress, folder: Path, left_out: dict[str, str]
) -> StoreFigures:
    runs = full_store_runs(settings.quick)
    with TemporaryDirectory(prefix="mlplab-bench-", dir=folder) as name:
        place = Path(name)
        sides = [(side, settings.threads) for pair in KEPT.values() for side in pair]
        with _workers(sides, left_out, place) as opened:
            overheads = measure_overheads(
                stored_workload(settings.quick),
                {side: worker for (side, _), worker in opened.items()},
                settings.rounds,
                counting(progress, OVERHEAD, overhead_steps(settings.rounds)),
            )
        steps = full_store_steps(runs, settings.rounds)
        count = counting(progress, FULL_STORE, steps)
        full = measure_full_store(place, runs, settings.rounds, count)
    return StoreFigures(overheads, full)


def _measure_tuning(settings: Settings, progress: OnTaskProgress) -> TuningCompared:
    plan = tuning_plan(settings.quick)
    return measure_tuning(plan, settings.threads, counting(progress, TUNING, plan.steps))


def _measure_fits(settings: Settings, progress: OnTaskProgress) -> EstimatorFits:
    count = counting(progress, ESTIMATORS, fits_in_all(settings.quick))
    return measure_fits(settings.quick, count)


def _measure_search(settings: Settings, progress: OnTaskProgress) -> SearchBeside:
    count = counting(progress, SEARCH, searches_in_all(settings.quick))
    return measure_search(settings.quick, settings.threads, count)


def _measure_cluster(
    settings: Settings, progress: OnTaskProgress, folder: Path, left_out: dict[str, str]
) -> ClusterRate | None:
    if ON_CLUSTER.missing:
        left_out[ON_CLUSTER.name] = not_installed(ON_CLUSTER.missing)
        return None
    sides = [(side, settings.threads) for side in (ON_CLUSTER, ONE_PROCESS)]
    with TemporaryDirectory(prefix="mlplab-bench-", dir=folder) as name:
        place = Path(name)
        try:
            with (
                started_cluster(settings.threads, place),
                _workers(sides, left_out, place) as opened,
            ):
                return measure_cluster(
                    stored_workload(settings.quick),
                    {side: worker for (side, _), worker in opened.items()},
                    settings.threads,
                    settings.rounds,
                    counting(progress, CLUSTER, cluster_steps(settings.rounds)),
                )
        except ImportError as error:
            left_out[ON_CLUSTER.name] = str(error)
            return None


def _measure_browser(
    settings: Settings, progress: OnTaskProgress, left_out: dict[str, str]
) -> BrowserRate | None:
    node = find_node()
    if not isinstance(node, Node):
        left_out[IN_NODE] = node
        return None
    modules = [FUSED, EXACT]
    if not node.fused:
        left_out[FUSED.name] = "here Node has no instruction that rounds a product and a sum once"
        modules.remove(FUSED)
    workloads = browser_workloads(settings.quick)
    steps = browser_steps(workloads, len(modules), settings.rounds)
    with _workers([(side, 1) for side in (NATIVE, *modules)], left_out) as opened:
        return measure_browser(
            node.version,
            workloads,
            {side: worker for (side, _), worker in opened.items()},
            settings.rounds,
            counting(progress, BROWSER, steps),
        )


def _measure_page(
    settings: Settings, progress: OnTaskProgress, left_out: dict[str, str]
) -> PageRate | None:
    missing = missing_for_page()
    if missing is not None:
        left_out[IN_CHROMIUM] = missing
        return None
    steps = settings.rounds * len(MEASUREMENTS)
    return measure_page(settings.rounds, counting(progress, PAGE, steps))
