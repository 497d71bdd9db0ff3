"""How it was measured, in words: a paragraph or two for each part of the bench."""

from __future__ import annotations

from collections.abc import Iterator

from mlplab.bench.curves import TARGET
from mlplab.bench.estimator_fits import DATASETS
from mlplab.bench.peers import PEERS
from mlplab.bench.record import Record
from mlplab.bench.regularised import BESIDE
from mlplab.bench.side import SGEMM
from mlplab.bench.wording import duration

HOW_END_TO_END = """\
End to end is what a user gets from `mlplab.train`: fresh draws of samples, initial weights and shuffles,
training, validation after every epoch, evaluation, and the runs as arrays. Kernels alone are the updates,
of networks drawn beforehand. With own samples the call reads a CSV file, whose samples and splits all
networks share, four times as many networks as without; their kernels are those of validation and
evaluation, too. Networks a second are medians of the rounds; in every round all sides are measured right
after one another, and ratios are taken there. The peer is what a user would write instead, and its time
to compile is left out. Goals in brackets are floors.
"""

HOW_REGULARISED = """\
With dropout and a penalty the call of `mlplab.train` draws samples, initial weights, shuffles and masks
of all networks, trains, validates after every epoch and evaluates. The peers train one network at a
time: they have the samples and begin from the same initial weights, validate after every epoch and look
at the test samples at the end. Each draws masks and shuffles by its own rules (PyTorch has the trial's
shuffles). The penalty is a part of the loss on all sides. All have trained once before, so that no time
to compile is counted. Given are seconds for one network, medians of the rounds.
"""

HOW_STORE = """\
The overhead of a store is how much longer the same runs take when they are kept: one experiment from many
seeds, its outcomes gathered in memory against `train_stored`; and a map over the learning rate and the
spread of the initial weights, `train_map` without and with a store. The file is made anew each time, each
block of runs is on the disk before it is counted, what the call returns is read, and the file is closed,
all within the time. Both of a pair train on the same threads, each in a process of its own, one right
after the other, in turns; overheads are medians of the rounds.

The full store has the runs of a map, whose numbers are made up. Each time is from opening the file to the
answer: for the map, until the same command would begin to train what is missing, here nothing. The file
has just been written, so that the system has it in its memory.
"""

HOW_TUNING = """\
Both tune the same settings of the experiment, in the same ranges, by Optuna's TPE from the same seed,
and look at as many candidates. Optuna and Keras train each once, by `fit`, all on the samples of one
draw, and validate after the last epoch: what a user writes. mlplab does what `mlplab sweep --sampler
tpe` does: eight candidates are asked for and trained together, each from eight seeds, with samples,
initial weights and shuffles of their own, and a candidate's accuracy is the mean of its eight runs.
Neither keeps anything on the disk. Each has a process of its own on the same cores, and imports all
before its clock starts; kernels have been compiled for the machine before, and are loaded within the
time, while Keras compiles each of its models.

A single training flatters its setting or wrongs it, and the best of many is flattered. So settings are
judged by mlplab outside of both clocks, by the same fresh seeds, which no search has seen, on
validation samples of their own. Found after is the time until the trial ended: for Optuna and Keras,
that of the winner; for mlplab, as good, until a candidate's mean of eight runs was the mean of fresh
runs of their winner or above; given is the best one by then. Both are one search from one seed: from
another seed the ratio is another one.
"""

HOW_ESTIMATORS = f"""\
Each split puts a quarter of a dataset aside to test on; features, and the targets of diabetes, are
standardised by the rest. Both estimators are fitted with `random_state` and nothing else said, one right
after the other, in one process on one thread; the ratio is the median of the splits'. The difference is
that of test accuracies, or of R², with its 95 % interval corrected for splits of one set of samples; the
verdicts are corrected for {len(DATASETS)} datasets.
"""

HOW_SEARCH = """\
Both sides search one grid on the same splits of digits, divided by 16, with `random_state`, `max_iter`
and nothing else said: `PopulationSearchCV` on threads of this process, once on samples in float64, as
scikit-learn's side, and once in float32; `GridSearchCV` of scikit-learn's `MLPClassifier` on as many
processes. Compiled code is loaded and the processes are started before the first clock; the fit of the
best candidate to all samples counts. Each number of neurons is a search of its own.
It is one search by each side, ours first.
"""

HOW_CLUSTER = """\
The cluster has a scheduler and as many workers as there are threads, each with one thread; each is a
process of its own on this machine, and they speak by the loopback interface. It is started before any
clock, and has trained the map once, as the one process has. The map, over the learning rate and the
spread of the initial weights, is trained into a store that is made anew each time: by `train_map` with
a client of the cluster, in a further process that also writes the store, and by `train_map` in one
process with as many threads. All of the cluster have the same cores as the one process. One is measured
right after the other, in turns; the fraction is the median of the rounds'.
"""

HOW_BROWSER = """\
The browser's modules are trained in Node, whose engine V8 is that of Chromium. The fused module rounds
a product and a sum once by an instruction of relaxed SIMD; the exact module comes to the same by way of
doubles. Each has a process of its own on one core, as has the engine, on one thread; one is measured
right after the other, in turns, and the speed is the median of the rounds', as a fraction of the
engine's. One network is drawn beforehand, and its time is that of updates and of validation after every
epoch. Of sixteen networks, a block, the time is that of whole trainings of few epochs: to draw samples,
initial weights and shuffles, to train, to validate after every epoch and to evaluate. What takes
milliseconds is measured five times in a round. Each has trained before the first measurement. After
each training SHA-256 of the module's weights is held to that of the engine's: were it another one, the
bench would end without a figure.
"""

HOW_PAGE = """\
The page is opened from a file in headless Chromium, by a new visitor without a network, at 1366 × 768.
The first picture is there when the scores are, counted from the begin of the navigation. Frames are
counted for three seconds while the network trains at the speed that a new page has; a frame has other
scores, and plane and network with them. Runs are counted from the click until they are shown.
"""

HOW = f"""\
Times of kernels are wall seconds for one epoch of one network: samples in memory, no validation, no
drawing, no evaluation, on any side. Every side has a process of its own, the same cores (where the
system can keep it to them), and waits while another is measured. A peer is measured right before or
right after mlplab, in turns, and the ratio is taken of the two; given are medians of the rounds, and the
lowest and highest ratio. All sides have the same samples, the same batches' size and number of updates,
and the loss and accuracy along the way; all begin anew from the same initial weights in every
measurement, and have trained once before the first. mlplab trains its whole population at once, every
network on samples of its own and with shuffles of its own, which it makes within the time taken.

The clock of the processor counts all threads of a side together. It goes on only while they compute, so
that it tells of a busy machine what the clock on the wall cannot; but two threads that halve the time on
the wall leave it as it is. The rate counts the additions and multiplications of the matrix products
alone, so that activations, softmax and updates lower it. A cliff is a step of a cost curve at which the
cost grows by more than half beyond the work; a point of a curve trains for {duration(TARGET)} at least,
and is the median of its rounds.
"""


def methods(record: Record) -> Iterator[str]:
    """Yield the paragraphs about the parts that were measured, and a list of how their peers work."""
    if record.end_to_end:
        yield HOW_END_TO_END
    if record.regularised is not None:
        yield HOW_REGULARISED
    if record.compared or record.curves:
        yield HOW
    if record.store is not None:
        yield HOW_STORE
    if record.tuning is not None:
        yield HOW_TUNING
    if record.estimators is not None:
        yield HOW_ESTIMATORS
    if record.search is not None:
        yield HOW_SEARCH
    if record.cluster is not None:
        yield HOW_CLUSTER
    if record.browser is not None:
        yield HOW_BROWSER
    if record.page is not None:
        yield HOW_PAGE
    yield "\n".join(
        f"- {side.title}: {side.note}."
        for side in (SGEMM, *PEERS.values(), *BESIDE)
        if any(side.name in part.pairs for part in record.compared)
        or any(case.has(side) for case in record.end_to_end)
        or (record.regularised is not None and side.name in record.regularised.pairs)
    )
