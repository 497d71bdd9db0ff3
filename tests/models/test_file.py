"""Models are saved whole or not at all, loaded exactly, and a bad file is one sentence."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save as as_safetensors
from tests.models.invented import assert_same_model, invented, many_models, overflowing

from mlplab import draw, train
from mlplab.errors import MlplabError
from mlplab.models import Model, load, save
from mlplab.models.file import model_bytes
from mlplab.run import Runs
from mlplab.spec import Experiment

TINY = Experiment(
    dataset={"kind": "polar", "train_per_class": 8, "test_per_class": 4},
    network={"hidden_layers": 1, "layer_width": 3, "activation": "tanh"},
)


@pytest.fixture(scope="module")
def tiny_runs() -> Runs:
    return train(TINY, replications=3, seed=5, trainer="reference")


@pytest.mark.parametrize("model", many_models(), ids=repr)
def test_a_saved_model_is_loaded_exactly(model: Model, tmp_path: Path):
    save(model, tmp_path / "a.safetensors")
    assert_same_model(load(tmp_path / "a.safetensors"), model)


def test_names_in_any_letters_are_loaded_exactly(tmp_path: Path):
    names = {"label_names": ("crème", '"', "*/"), "feature_names": ("länge", "a, b\n")}
    model = invented(**names)
    save(model, tmp_path / "a")
    assert_same_model(load(tmp_path / "a"), model)


def test_a_run_is_saved_with_its_experiment_and_answers_as_before(tiny_runs: Runs, tmp_path: Path):
    run = tiny_runs[1]
    save(run, tmp_path / "a")
    model = load(tmp_path / "a")
    assert (model.experiment, model.seed) == (TINY, 6)
    x = draw(TINY, 6).dataset.test.x
    np.testing.assert_array_equal(model.predict_proba(x), run.predict_proba(x))
    np.testing.assert_array_equal(model.predict(x), run.predict(x))


def test_a_standardised_run_answers_as_before(tmp_path: Path):
    x = np.random.default_rng(0).normal([1000, -3], [50, 0.1], (60, 2))
    y = np.where(x[:, 0] > 1000, "high", "low")
    experiment = TINY.varied({"dataset": {"kind": "arrays", "standardise": True}})
    run = train(experiment, trainer="reference", data=(x, y))[0]
    save(run, tmp_path / "a")
    model = load(tmp_path / "a")
    np.testing.assert_array_equal(model.predict_proba(x), run.predict_proba(x))
    assert set(model.predict(x)) <= {"high", "low"}


def test_what_has_a_model_can_be_saved(tmp_path: Path):
    class Estimator:
        def to_model(self) -> Model:
            return invented()

    save(Estimator(), tmp_path / "a")
    assert_same_model(load(tmp_path / "a"), invented())


def test_a_folder_of_runs_has_a_model_for_each_seed(tiny_runs: Runs, tmp_path: Path):
    tiny_runs.save(tmp_path)
    assert_same_model(load(tmp_path, seed=7), Model.from_run(tiny_runs[2]))
    tiny_runs[:1].save(tmp_path)
    assert_same_model(load(tmp_path), Model.from_run(tiny_runs[0]))


def test_a_wrong_choice_of_runs_is_one_sentence(tiny_runs: Runs, tmp_path: Path):
    tiny_runs.save(tmp_path)
    save(tiny_runs[0], tmp_path / "a")
    for path, seed, sentence in [
        (tmp_path, None, f"'{tmp_path}' has 3 runs with weights: choose one by its seed (5, 6, 7)"),
        (
            tmp_path,
            4,
            f"'{tmp_path}' has no run of seed 4 with weights: there are those of the seeds 5, 6, 7",
        ),
        (
            tmp_path / "a",
            5,
            f"a seed chooses a run of a folder, and '{tmp_path / 'a'}' is a file of one model",
        ),
        (
            tmp_path / "runs.safetensors",
            None,
            f"'{tmp_path / 'runs.safetensors'}' holds no model as mlplab saves it: its kind must be "
            f"'model', received none; it holds runs: name its folder, '{tmp_path}'",
        ),
    ]:
        with pytest.raises(MlplabError) as refused:
            load(path, seed)
        assert str(refused.value) == sentence


def test_a_run_that_diverged_is_no_model(tiny_runs: Runs):
    from dataclasses import replace

    nan = tuple(np.full_like(b, np.nan) for b in tiny_runs.biases)
    with pytest.raises(
        MlplabError, match=r"^the run of seed 5 diverged: weights that are not finite"
    ):
        Model.from_run(replace(tiny_runs, biases=nan)[0])


def test_what_is_no_model_cannot_be_saved(tiny_runs: Runs, tmp_path: Path):
    for source, sentence in [
        (tiny_runs, "a model is one run, such as runs[0]; runs.save(folder) saves all of them"),
        (tiny_runs[0].without_weights(), "the run of seed 5 kept no weights"),
        ("rings", "a Model, a Run or a fitted estimator was expected, received 'rings'"),
    ]:
        with pytest.raises(MlplabError) as refused:
            save(source, tmp_path / "a")
        assert str(refused.value).startswith(sentence)
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    (tmp_path / "a").mkdir()
    with pytest.raises(MlplabError, match=r"it is a folder$"):
        save(invented(), tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


# ---- Models that are none ------------------------------------------------------------------------

NET = {"weights": (np.zeros((2, 3)),), "biases": (np.zeros(2),)}
LINEAR = {**NET, "output_activation": "linear"}

BAD_MODELS: list[tuple[dict[str, Any], str]] = [
    ({"output_activation": "softplus"}, "unknown output activation 'softplus'; did you mean"),
    ({"activations": ("relu",)}, "activation must be one name or 0 of them, one for each hidden"),
    ({"biases": (np.zeros(3),)}, "layer 1 must have weights of shape (outputs, inputs) and biases"),
    ({"biases": (np.zeros(2, np.float32),)}, "weights and biases must all be float32 or float64"),
    ({"biases": (np.zeros(2, int),)}, "weights and biases must all be float32 or float64"),
    ({"biases": (np.array([0, np.nan]),)}, "biases of layer 1 must be finite, received nan"),
    (
        {"label_names": ("a", "a")},
        "label_names must be 2 texts that differ, received 2: ['a', 'a']",
    ),
    ({"label_names": ("a", "b", "c")}, "label_names must be 2 texts that differ, received 3"),
    ({"label_names": (1, 2)}, "label_names must be 2 texts that differ, received 2: [1, 2]"),
    (
        {"label_names": ("a", "\ud800")},
        "label_names must be of characters, received ['a', '\\ud800']",
    ),
    ({"feature_names": ("a",)}, "feature_names must be 3 texts that differ, received 1"),
    ({"target_names": ("a",)}, "target_names do not apply to an output of classes (softmax)"),
    (
        {"output_activation": "sigmoid"},
        "a sigmoid output is of two classes and one output, received 2",
    ),
    ({"input_mean": np.zeros(3)}, "input_mean and input_scale belong together"),
    ({"input_mean": np.zeros(3), "input_scale": np.zeros(3)}, "input_mean must be finite, and"),
    (
        {"input_mean": np.zeros(2), "input_scale": np.ones(3)},
        "input_mean must be float64 of shape (3,)",
    ),
    ({"seed": -1}, "seed must be a whole number from 0 to 2^62, received -1"),
    ({"seed": True}, "seed must be a whole number from 0 to 2^62, received True"),
    ({"experiment": TINY}, "the experiment describes another network: layer sizes (3, 3, 2)"),
    ({**LINEAR, "label_names": ("a", "b")}, "label_names do not apply to an output of targets"),
    (
        {"weights": (np.zeros((1, 3)),), "biases": (np.zeros(1),)},
        "softmax is of two classes at least",
    ),
    ({"weights": (np.zeros((2, 0)),)}, "layer 1 must have neurons and inputs, received none"),
    ({"weights": (), "biases": ()}, "a network needs one array of weights and one of biases"),
]


@pytest.mark.parametrize(("parts", "sentence"), BAD_MODELS, ids=lambda value: str(value)[:50])
def test_parts_that_do_not_fit_are_one_sentence(parts: dict[str, Any], sentence: str):
    with pytest.raises(MlplabError) as refused:
        Model(**{**NET, **parts})
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_samples_that_do_not_fit_are_one_sentence():
    model = invented(feature_names=("width", "height"))
    with pytest.raises(
        MlplabError, match=r"^x must have shape \(samples, 2\), a column for each of width"
    ):
        model.predict([[1, 2, 3]])
    with pytest.raises(MlplabError, match=r"^features must be finite numbers, received nan"):
        model.predict([[1, np.nan]])
    with pytest.raises(MlplabError, match=r"^probabilities are of classes"):
        invented(output="linear").predict_proba([[1, 2]])
    with pytest.raises(MlplabError, match=r"^the model predicts nothing for 1 of 2 samples: for x"):
        overflowing().predict([[0, 0], [1e3, 1e3]])


# ---- Files that are none ---------------------------------------------------------------------------

MODEL = invented(("relu",), seed=3, scaled=True)
CONTENT = model_bytes(MODEL)
LENGTH = struct.unpack("<Q", CONTENT[:8])[0]
HEADER = json.loads(CONTENT[8 : 8 + LENGTH])
DATA = CONTENT[8 + LENGTH :]


def with_header(header: Any, data: bytes = DATA) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def changed(**words: str | None) -> bytes:
    metadata = {**HEADER["__metadata__"], **words}
    kept = {name: word for name, word in metadata.items() if word is not None}
    return with_header({**HEADER, "__metadata__": kept})


def of_tensor(name: str, **fields: Any) -> bytes:
    return with_header({**HEADER, name: {**HEADER[name], **fields}})


DEEP = "[" * 100_000 + "]" * 100_000
WEIGHTS = {n: d for n, d in HEADER.items() if n != "__metadata__"}

BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "cannot read the model in"),
    "text": (b"hello, world\n" * 20, "it is no safetensors file, or is damaged"),
    "pickle": (b"cos\nsystem\n(S'touch owned'\ntR.", "cannot read the model in"),
    "zip": (b"PK\x03\x04" + bytes(100), "cannot read the model in"),
    "header longer than the file": (
        struct.pack("<Q", 2**62) + CONTENT[8:],
        "cannot read the model",
    ),
    "no metadata": (
        with_header(WEIGHTS),
        "it says no format, so that it may be of another library",
    ),
    "newer": (changed(format="2"), "was saved by a newer mlplab"),
    "format of many digits": (changed(format="9" * 5000), "its format must be a whole number"),
    "format in other digits": (changed(format="١"), "its format must be a whole number"),
    "no kind": (changed(kind=None), "its kind must be 'model', received none"),
    "another kind": (changed(kind="runs"), "its kind must be 'model', received 'runs'"),
    "deep activations": (changed(activations=DEEP), "holds no model as mlplab saves it"),
    "deep seed": (changed(seed=DEEP), "holds no model as mlplab saves it"),
    "seed of many digits": (changed(seed="9" * 5000), "holds no model as mlplab saves it"),
    "seed of no number": (changed(seed="NaN"), "seed must be a whole number"),
    "deep experiment": (changed(experiment=f"a = {DEEP}"), "is not valid TOML"),
    "another experiment": (changed(experiment=TINY.to_toml()), "the experiment describes another"),
    "activations are a table": (
        changed(activations='{"a": 1}'),
        "activations must be a list of texts",
    ),
    "activations are numbers": (changed(activations="[1]"), "activations must be a list of texts"),
    "unknown activation": (changed(activations='["os.system"]'), "unknown activation 'os.system'"),
    "unknown output": (changed(output_activation="exec"), "unknown output activation 'exec'"),
    "no output": (changed(output_activation=None), "'output_activation' is missing"),
    "no labels": (changed(label_names='["a"]'), "label_names must be 3 texts that differ"),
    "huge shape": (of_tensor("layer0.weights", shape=[2**40, 2**40]), "cannot read the model in"),
    "negative shape": (of_tensor("layer0.weights", shape=[-5, -2]), "cannot read the model in"),
    "shape of many numbers": (of_tensor("layer0.weights", shape=[1] * 100_000), "cannot read the"),
    "overlapping": (
        of_tensor("layer0.weights", data_offsets=HEADER["layer1.weights"]["data_offsets"]),
        "cannot read the model in",
    ),
    "another shape": (
        of_tensor("layer0.weights", shape=[2, 5]),
        "layer 1 must have weights of shape",
    ),
    "82 dimensions": (of_tensor("layer0.weights", shape=[*[1] * 80, 5, 2]), "holds no model"),
    "half the type": (of_tensor("layer0.weights", dtype="BF16", shape=[10, 2]), "of the type BF16"),
    "whole numbers": (of_tensor("layer0.weights", dtype="I32"), "must all be float32 or float64"),
    "a layer is missing": (
        as_safetensors(
            {"layer1.weights": MODEL.weights[1], "layer1.biases": MODEL.biases[1]},
            HEADER["__metadata__"],
        ),
        "'layer0.weights' is missing",
    ),
    "many layers": (
        as_safetensors(
            {f"layer{i}.weights": np.zeros(1, np.int8) for i in range(10_001)},
            HEADER["__metadata__"],
        ),
        "it has 10,001 layers, at most 10,000 are read",
    ),
    "not a number": (
        CONTENT[: 8 + LENGTH] + np.full(len(DATA) // 4, np.nan, "<f4").tobytes(),
        "must be finite",
    ),
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_one_sentence_that_names_it(content: bytes, reason: str, tmp_path: Path):
    path = tmp_path / "a.safetensors"
    path.write_bytes(content)
    with pytest.raises(MlplabError) as refused:
        load(path)
    assert str(path) in str(refused.value)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 500
    assert [each.name for each in tmp_path.iterdir()] == ["a.safetensors"]


def test_what_is_no_file_is_one_sentence(tmp_path: Path):
    for path in (tmp_path / "none", tmp_path / ("x" * 300), Path("/dev/null")):
        with pytest.raises(MlplabError, match=f"^cannot read the model in '{path}'"):
            load(path)
    with pytest.raises(MlplabError, match="holds no runs: there is no file"):
        load(tmp_path)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bool]:
    """Load a content, and tell whether a model came out, which answers; else one sentence of ours."""
    path = tmp_path_factory.mktemp("fuzzed") / "a.safetensors"

    def attempt(content: bytes) -> bool:
        path.write_bytes(content)
        model, sentence = None, ""
        try:
            model = load(path)
        except MlplabError as error:
            sentence = str(error)
        if model is None:
            assert str(path) in sentence
            assert "\n" not in sentence
            return False
        assert np.isfinite(np.concatenate([w.ravel() for w in model.weights])).all()
        assert model.outputs(np.zeros((2, model.features))).shape == (2, model.answers)
        return True

    return attempt


fuzz = settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@fuzz
@given(st.integers(0, len(CONTENT) - 1))
def test_a_truncated_file_is_refused(read: Callable[[bytes], bool], end: int):
    assert not read(CONTENT[:end])


@fuzz
@given(st.lists(st.tuples(st.integers(0, len(CONTENT) - 1), st.integers(0, 255)), max_size=4))
def test_changed_bytes_are_a_model_or_one_sentence(
    read: Callable[[bytes], bool], changes: list[tuple[int, int]]
):
    content = bytearray(CONTENT)
    for place, byte in changes:
        content[place] = byte
    read(bytes(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@fuzz
@given(st.sampled_from(sorted(HEADER["__metadata__"])), JSON.map(json.dumps) | st.text(max_size=20))
def test_changed_words_are_a_model_or_one_sentence(
    read: Callable[[bytes], bool], name: str, word: str
):
    read(changed(**{name: word}))


@fuzz
@given(
    st.sampled_from(sorted(WEIGHTS)),
    st.sampled_from(["F64", "F32", "F16", "BF16", "F8_E4M3", "I64", "U8", "BOOL", "X"]),
    st.lists(st.integers(-2, 2**63) | st.integers(0, 6), max_size=4),
    st.lists(st.integers(-2, 2**63) | st.integers(0, len(DATA)), max_size=3),
)
def test_lies_about_arrays_are_a_model_or_one_sentence(
    read: Callable[[bytes], bool], name: str, dtype: str, shape: list[int], offsets: list[int]
):
    read(of_tensor(name, dtype=dtype, shape=shape, data_offsets=offsets))
