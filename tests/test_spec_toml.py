"""An experiment equals its TOML file, wherever that was written and from wherever it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic.fields import FieldInfo

from mlplab.errors import SpecError
from mlplab.spec import (
    ACTIVATIONS,
    HEADS,
    LOSSES,
    REGRESSION_HEADS,
    SGD,
    CosineDecay,
    DatasetSpec,
    DtypeName,
    Experiment,
    FiniteSamples,
    InitializerSpec,
    Moons,
    Network,
    OptimizerSpec,
    PiecewiseConstantDecay,
    Polar,
    RandomUniform,
    SamplesFile,
    Schedule,
    TargetRecipe,
    Training,
)
from mlplab.spec.optimizers.base import CLIPPING
from mlplab.spec.part import LARGEST, Part

DATASETS = tuple(DatasetSpec.kinds.values())
OF_TARGETS = tuple(kind for kind in DATASETS if issubclass(kind, TargetRecipe))
INITIALIZER_SPECS = tuple(InitializerSpec.kinds.values())
OPTIMIZERS = tuple(OptimizerSpec.kinds.values())
SCHEDULES = tuple(Schedule.kinds.values())
DTYPES = get_args(DtypeName)


def kind(part: type[Part]) -> str:
    return part.model_fields["kind"].default


# ---- A strategy for every valid experiment -----------------------------------------------------


def number(field: FieldInfo) -> SearchStrategy[Any]:
    """Values of a plain field: what its type and its bounds allow."""
    bound = {
        name: getattr(limit, name)
        for limit in field.metadata
        for name in ("ge", "gt", "le", "lt")
        if hasattr(limit, name)
    }
    if field.annotation is bool:
        return st.booleans()
    if field.annotation is int:
        return st.integers(min_value=bound.get("ge"))
    assert field.annotation is float
    return st.floats(
        min_value=bound.get("ge", bound.get("gt")),
        max_value=bound.get("le", bound.get("lt")),
        exclude_min="gt" in bound,
        exclude_max="lt" in bound,
        allow_nan=False,
        allow_infinity=False,
    )


rates = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
fractions = st.floats(min_value=0, max_value=0.5, exclude_min=True, exclude_max=True)
# A path's characters: anything that UTF-8 can hold. NUL is in no path.
paths = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def strategy(part: type[Part]) -> SearchStrategy[Any]:
    """Valid parts of one class, with every field drawn."""
    if issubclass(part, FiniteSamples):
        own: dict[str, SearchStrategy[Any]] = {
            "validation_fraction": fractions,
            "test_fraction": fractions,
            "standardise": st.booleans(),
            "content": st.none() | st.text("0123456789abcdef", min_size=64, max_size=64),
        }
        if part is SamplesFile:
            names = st.lists(st.sampled_from(["a", "b c", "ö"]), min_size=1, unique=True)
            own |= {"path": paths, "features": st.none() | names, "label": st.just("species")}
        return st.builds(part, **own)
    if part is RandomUniform:
        ends = st.tuples(*[st.floats(min_value=-LARGEST, max_value=LARGEST)] * 2).map(sorted)
        return ends.map(lambda ends: RandomUniform(minval=ends[0], maxval=ends[1]))
    if part is PiecewiseConstantDecay:
        steps = st.lists(st.integers(min_value=0), min_size=1, max_size=4, unique=True).map(sorted)
        return steps.flatmap(
            lambda steps: st.builds(
                PiecewiseConstantDecay,
                boundaries=st.just(steps),
                values=st.lists(rates, min_size=len(steps) + 1, max_size=len(steps) + 1),
            )
        )
    fields = {
        name: number(field)
        for name, field in part.model_fields.items()
        if name not in ("kind", "learning_rate", "warmup_target", "warmup_steps", "nesterov")
        if name not in CLIPPING
    }
    if part in OPTIMIZERS:
        return optimizer_strategy(part, fields)
    if part is CosineDecay:
        plain = st.builds(CosineDecay, **fields)
        warm = {"warmup_target": rates, "warmup_steps": st.integers(min_value=1)}
        return plain | st.builds(CosineDecay, **fields, **warm)
    return st.builds(part, **fields)


def optimizer_strategy(part: type[Part], fields: dict[str, Any]) -> SearchStrategy[Any]:
    """Valid optimizers of one kind: with any learning rate, and clipped in one way or not."""
    fields = {**fields, "learning_rate": rates | st.one_of(*map(strategy, SCHEDULES))}
    limits = st.floats(min_value=0, exclude_min=True, allow_nan=False, allow_infinity=False)
    clipped = [
        st.builds(part, **fields, **clips) for clips in ({}, *({name: limits} for name in CLIPPING))
    ]
    if part is not SGD:
        return st.one_of(clipped)
    some = st.floats(min_value=0, max_value=1, exclude_min=True)
    fast = {**fields, "momentum": some, "nesterov": st.just(True)}
    return st.one_of(*clipped, st.builds(SGD, **fast))


initializers = st.one_of(*map(strategy, INITIALIZER_SPECS))
optimizers = st.one_of(*map(strategy, OPTIMIZERS))
datasets = st.one_of(*map(strategy, (kind for kind in DATASETS if kind not in OF_TARGETS)))
activations = st.none() | st.sampled_from(list(ACTIVATIONS))
widths = st.integers(min_value=1)


@st.composite
def networks(
    draw: st.DrawFn,
    initializers: SearchStrategy[Any] = initializers,
    activations: SearchStrategy[Any] = activations,
) -> Network:
    activation = draw(activations)
    initializer = draw(initializers)
    if activation is None:
        return Network(initializer=initializer)
    layers = draw(st.integers(min_value=1, max_value=4))
    return Network(
        hidden_layers=layers,
        layer_width=draw(widths | st.lists(widths, min_size=layers, max_size=layers)),
        activation=draw(st.sampled_from([activation, [activation] * layers])),
        initializer=initializer,
    )


with_targets = st.builds(
    SamplesFile,
    path=paths,
    target=st.sampled_from(["price", ["a", "b"]]),
    features=st.none() | st.just(["x"]),
)
OF_ANY_CLASSES = tuple(name for name in LOSSES if not HEADS[name].has_one_output)


def trainings(
    optimizers: SearchStrategy[Any] = optimizers,
    losses: tuple[str, ...] = OF_ANY_CLASSES,
    dtypes: tuple[str, ...] = DTYPES,
) -> SearchStrategy[Training]:
    return st.builds(
        Training,
        loss=st.sampled_from(losses),
        optimizer=optimizers,
        batch_size=st.integers(min_value=1),
        epochs=st.integers(min_value=1),
        dtype=st.sampled_from(dtypes),
    )


def with_schedule(schedule: type[Part]) -> SearchStrategy[Any]:
    return st.one_of(
        *[st.builds(optimizer, learning_rate=strategy(schedule)) for optimizer in OPTIMIZERS]
    )


# For each entry of each registry: all experiments that have it.
ENTRIES: dict[str, dict[str, SearchStrategy[Any]]] = {
    **{
        f"dataset {kind(part)}": {"dataset": strategy(part)}
        for part in DATASETS
        if part not in OF_TARGETS
    },
    **{
        f"dataset {part}, loss {loss}": {"dataset": samples, "training": trainings(losses=(loss,))}
        for loss in REGRESSION_HEADS
        for part, samples in {
            **{kind(each): strategy(each) for each in OF_TARGETS},
            "with targets": with_targets,
        }.items()
    },
    **{
        f"initializer {kind(part)}": {"network": networks(strategy(part))}
        for part in INITIALIZER_SPECS
    },
    **{
        f"activation {name}": {"network": networks(activations=st.just(name))}
        for name in (None, *ACTIVATIONS)
    },
    **{f"optimizer {kind(part)}": {"training": trainings(strategy(part))} for part in OPTIMIZERS},
    **{
        f"schedule {kind(part)}": {"training": trainings(with_schedule(part))} for part in SCHEDULES
    },
    **{f"loss {name}": {"training": trainings(losses=(name,))} for name in OF_ANY_CLASSES},
    "loss of two classes": {
        "dataset": strategy(Moons),
        "training": trainings(losses=("binary_crossentropy",)),
    },
    **{f"dtype {name}": {"training": trainings(dtypes=(name,))} for name in DTYPES},
}


# ---- TOML ------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ENTRIES)
@settings(max_examples=10, deadline=None, derandomize=True)
@given(data=st.data())
def test_toml_round_trip_is_exact(entry: str, data: st.DataObject):
    parts = {"dataset": datasets, "network": networks(), "training": trainings()} | ENTRIES[entry]
    experiment = data.draw(st.builds(Experiment, **parts))
    text = experiment.to_toml()
    again = Experiment.from_toml_text(text)
    assert again == experiment
    assert hash(again) == hash(experiment)
    assert again.to_toml() == text
    assert again.canonical() == experiment.canonical()
    if getattr(experiment.dataset, "content", None) is None:  # else the form has no place of them
        assert Experiment(**experiment.canonical()) == experiment


def test_toml_reads_top_down_with_the_kind_first_and_every_value_written_out():
    experiment = Experiment(
        dataset=Polar(classes=5, sigma=0.05),
        network=Network(hidden_layers=2, layer_width=(3, 4), activation="relu"),
        training={"optimizer": {"kind": "adam"}},
    )
    assert experiment.to_toml().splitlines() == [
        "[dataset]",
        'kind = "polar"',
        "sigma = 0.05",
        "train_per_class = 512",
        "test_per_class = 512",
        "classes = 5",
        "",
        "[network]",
        "hidden_layers = 2",
        "layer_width = [",
        "    3,",
        "    4,",
        "]",
        'activation = "relu"',
        "dropout = 0.0",
        "input_noise = 0.0",
        "",
        "[network.initializer]",
        'kind = "glorot_uniform"',
        "shared = false",
        "",
        "[network.bias_initializer]",
        'kind = "zeros"',
        "shared = false",
        "",
        "[training]",
        'loss = "mean_squared_error"',
        "batch_size = 32",
        "epochs = 1",
        'dtype = "float32"',
        "label_smoothing = 0.0",
        "",
        "[training.optimizer]",
        'kind = "adam"',
        "learning_rate = 0.001",
        "beta_1 = 0.9",
        "beta_2 = 0.999",
        "epsilon = 1e-07",
        "weight_decay = 0.0",
    ]


def test_a_file_is_read_as_its_text(tmp_path: Path):
    experiment = Experiment(dataset=Moons(sigma=0.3))
    path = tmp_path / "moons.toml"
    path.write_text(experiment.to_toml(), encoding="utf-8")
    assert Experiment.from_toml(path) == experiment
    assert Experiment.from_toml(str(path)) == experiment


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_as_windows_writes_it_is_read(encoding: str, line_end: str, tmp_path: Path):
    text = '# σ, in PowerShell: mlplab train --example > own.toml\ndataset = "polar"\n'
    marked = ("\ufeff" if encoding in ("utf-16-le", "utf-16-be") else "") + text
    path = tmp_path / "own.toml"
    path.write_bytes(marked.replace("\n", line_end).encode(encoding))
    assert Experiment.from_toml(path) == Experiment(dataset="polar")
    assert Experiment.from_toml_text("\ufeff" + text) == Experiment(dataset="polar")


# ---- The path of a file of samples ------------------------------------------------------------


def test_relative_path_of_samples_counts_from_the_toml_files_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "own.toml").write_text(
        '[dataset]\nkind = "file"\npath = "data/points.csv"\n', encoding="utf-8"
    )
    wanted = str(tmp_path / "lab" / "data" / "points.csv")
    assert Experiment.from_toml(tmp_path / "lab" / "own.toml").dataset.path == wanted
    monkeypatch.chdir(tmp_path)
    experiment = Experiment.from_toml("lab/own.toml")
    assert experiment.dataset.path == wanted
    # Hence its text means the same points wherever it is saved.
    (tmp_path / "copy.toml").write_text(experiment.to_toml(), encoding="utf-8")
    assert Experiment.from_toml("copy.toml") == experiment


def test_relative_points_path_of_a_text_counts_from_the_given_folder():
    text = '[dataset]\nkind = "file"\npath = "points.csv"\n'
    assert Experiment.from_toml_text(text).dataset.path == "points.csv"
    assert Experiment.from_toml_text(text, folder="lab").dataset.path == str(Path("lab/points.csv"))


def test_absolute_points_path_stays(tmp_path: Path):
    points = tmp_path / "points.csv"
    experiment = Experiment(dataset=SamplesFile(path=points))
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "own.toml").write_text(experiment.to_toml(), encoding="utf-8")
    assert Experiment.from_toml(tmp_path / "lab" / "own.toml").dataset.path == str(points)


def test_equal_paths_are_equal_parts():
    assert (
        SamplesFile(path="./a.csv") == SamplesFile(path="a.csv") == SamplesFile(path=Path("a.csv"))
    )


def test_a_file_too_large_to_be_an_experiment_is_refused_before_it_is_read_whole(tmp_path: Path):
    with (tmp_path / "large.toml").open("wb") as file:
        file.truncate(2**33)
    with pytest.raises(SpecError, match=r"large.toml': it is larger than 4 MiB"):
        Experiment.from_toml(tmp_path / "large.toml")
