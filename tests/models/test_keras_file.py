"""Models of Keras are read without Keras, written by Keras, and answer alike."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.invented import assert_same_model, grid_of, invented

from mlplab.errors import MlplabError
from mlplab.models import Model
from mlplab.models.answers import Answers
from mlplab.models.keras_archive import CONFIG, WEIGHTS
from mlplab.models.keras_file import ALONE, keras_bytes, read_keras
from mlplab.spec import ACTIVATIONS

h5py = pytest.importorskip("h5py", reason="what reads .keras files comes with Keras")

KNOWN = [name for name in ACTIVATIONS if name not in ALONE]
FOR_KERAS = [
    *(
        invented(tuple(KNOWN[i::3]), output, dtype=dtype, scaled=output != "linear", seed=i)
        for i, (output, dtype) in enumerate(
            [("softmax", "float32"), ("sigmoid", "float64"), ("linear", "float32")]
        )
    ),
    invented((), "linear", dtype="float64", seed=3),
]
"""A layer of each activation; each output; each dtype with and without scaled features."""


@pytest.mark.parametrize("model", FOR_KERAS, ids=lambda m: f"{m.output_activation}-{m.dtype}")
def test_keras_answers_as_the_model_and_gives_it_back_exactly(
    model: Model, tmp_path: Path, tolerance: Any
):
    frameworks = pytest.importorskip("mlplab.frameworks.keras")
    path = tmp_path / "model.keras"
    path.write_bytes(keras_bytes(model))
    assert_same_model(read_keras(path), model)
    x = grid_of(model, points=5)
    with frameworks.precision(str(model.dtype)):
        network = frameworks.keras.saving.load_model(path, safe_mode=True)
        outputs = np.asarray(network(x.astype(model.dtype)))
    # Keras takes the mean and the variance of the features in float32.
    near = 10 * (tolerance.float32 if model.dtype == np.float32 else tolerance.keras_float32)
    wanted = model.outputs(x)
    np.testing.assert_allclose(
        model.network.head.predictions(outputs), wanted, rtol=near, atol=near
    )


def test_what_keras_has_not_is_one_sentence():
    with pytest.raises(MlplabError, match=r"^Keras has no activation called 'gelu_tanh', so that"):
        keras_bytes(invented(("gelu_tanh",)))
    # Its Normalization would divide by 1e-7, and by infinity.
    for scale, said in ((1e-9, "1e-09"), (1e25, r"1e\+25")):
        scaling = {"input_mean": np.zeros(2), "input_scale": np.array([1.0, scale])}
        with pytest.raises(MlplabError, match=f"^Keras .* 'x2' must be divided by {said}: train"):
            keras_bytes(invented(**scaling))


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # of Keras, when it saves
def test_layers_of_keras_are_read(tmp_path: Path):
    keras = pytest.importorskip("mlplab.frameworks.keras").keras
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Normalization(mean=[1, 0, 0], variance=[4, 0, 1e-20]),
            layers.Dense(4, name="first"),
            layers.Activation("swish"),
            layers.Dropout(0.5),
            layers.Dense(5, activation="elu", use_bias=False),
            layers.Dense(2),
            layers.Activation("softmax"),
        ]
    )
    network.compile(optimizer="adam", loss="categorical_crossentropy")
    network.save(tmp_path / "a.keras")
    model = read_keras(tmp_path / "a.keras", Answers(label_names=("no", "yes")))
    assert (model.activations, model.output_activation) == (("silu", "elu"), "softmax")
    assert model.label_names == ("no", "yes")
    assert model.biases[1].tolist() == [0] * 5
    # Keras divides by 1e-7 at least.
    x = np.random.default_rng(0).normal(0, [1, 1e-7, 1e-7], (9, 3)).astype(np.float32)
    np.testing.assert_allclose(model.outputs(x), np.asarray(network(x)), atol=1e-6)


# ---- Files that are none, made without Keras ---------------------------------------------------------

Layer = dict[str, Any]


def layer(kind: str, name: str = "a", **config: Any) -> Layer:
    return {"class_name": kind, "config": {"name": name, **config}, "registered_name": None}


def dense(units: int, activation: Any = "relu", **config: Any) -> Layer:
    return layer("Dense", "dense", units=units, activation=activation, use_bias=True, **config)


TWO = [layer("InputLayer"), dense(3), dense(2, "softmax")]


def sequential(*layers: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "s", "layers": list(layers)}}


def weights_of(*sizes: int) -> dict[str, Any]:
    arrays = {}
    for i in range(len(sizes) - 1):
        name = f"layers/dense_{i}/vars" if i else "layers/dense/vars"
        arrays[f"{name}/0"] = np.full((sizes[i], sizes[i + 1]), 0.5, np.float32)
        arrays[f"{name}/1"] = np.zeros(sizes[i + 1], np.float32)
    return arrays


def hdf5(arrays: dict[str, Any], change: Callable[[Any], None] = lambda file: None) -> bytes:
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, array in arrays.items():
            file[name] = array
        change(file)
    return content.getvalue()


def archive(config: Any, weights: bytes, how: int = zipfile.ZIP_STORED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", how) as file:
        file.writestr(CONFIG, config if isinstance(config, bytes | str) else json.dumps(config))
        file.writestr(WEIGHTS, weights)
    return content.getvalue()


def in_lzma() -> bytes:
    """Return a file whose compressed description is damaged."""
    whole = archive(sequential(*TWO), H5, zipfile.ZIP_LZMA)
    return whole[:60] + b"\xff" * 40 + whole[100:]


H5 = hdf5(weights_of(2, 3, 2))
GOOD = archive(sequential(*TWO), H5)
KERNEL = "layers/dense/vars/0"


def with_layers(*layers: Any) -> bytes:
    return archive(sequential(*layers), H5)


def with_kernel(value: Any, **how: Any) -> bytes:
    def change(file: Any) -> None:
        del file[KERNEL]
        if isinstance(value, np.ndarray):
            file["layers/dense/vars"].create_dataset("0", data=value, **how)
        else:
            file[KERNEL] = value

    return archive(sequential(*TWO), hdf5(weights_of(2, 3, 2), change))


def encrypted() -> bytes:
    content = bytearray(GOOD)
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


HALF = np.zeros((2, 3), np.float32)
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "File is not a zip file"),
    "text": (b"hello", "File is not a zip file"),
    "no config": (archive("{}", H5).replace(b"config.json", b"confog.json"), "no config.json"),
    "encrypted": (encrypted(), "encrypted"),
    "config is no JSON": (archive("{", H5), "cannot be read as a .keras file"),
    "config is a list": (archive("[]", H5), "config.json must be a table, received []"),
    "config is deep": (archive("[" * 10**5, H5), "cannot be read as a .keras file"),
    "config is no text": (archive(b"\xff\xfe\xff", H5), "cannot be read as a .keras file"),
    "config is huge": (
        archive(" " * (2**24 + 1), H5, zipfile.ZIP_DEFLATED),
        "16,777,217 bytes, at most",
    ),
    "functional": (
        archive({**sequential(*TWO), "class_name": "Functional"}, H5),
        "a Sequential model was expected, received 'Functional'",
    ),
    "no layers": (
        archive({"class_name": "Sequential", "config": {}}, H5),
        "its layers must be a list",
    ),
    "no dense": (with_layers(layer("InputLayer")), "it has no Dense layer"),
    "lambda": (
        with_layers(*TWO[:2], layer("Lambda", "evil", function="os.system"), TWO[2]),
        "layers of InputLayer, Normalization, Dense, Activation, Dropout are read, received 'evil' of "
        "'Lambda'",
    ),
    "batch normalisation": (
        with_layers(layer("BatchNormalization", "bn"), *TWO),
        "received 'bn' of",
    ),
    "own class": (
        with_layers({**TWO[1], "registered_name": "Own>Dense"}, TWO[2]),
        "received 'dense' of 'Own>Dense'",
    ),
    "layer is a text": (with_layers("Dense"), "a layer must be a table with a config"),
    "units are a text": (with_layers(dense("3")), "units of 'dense' must be a whole number"),  # type: ignore[arg-type]
    "units are huge": (with_layers(dense(2**62), TWO[2]), "floating-point numbers of shape"),
    "unknown activation": (
        with_layers(dense(3, "relo"), TWO[2]),
        "unknown activation 'relo' of 'dense'; did",
    ),
    "own activation": (
        with_layers(dense(3, {"class_name": "function", "config": "f"}), TWO[2]),
        "unknown activation {'class_name': 'function', 'config': 'f'} of 'dense'",
    ),
    "two activations": (
        with_layers(TWO[1], layer("Activation", "act", activation="tanh"), TWO[2]),
        "the Activation layer 'act' must follow a Dense layer that has no activation of its own",
    ),
    "activation first": (
        with_layers(layer("Activation", "act"), *TWO),
        "must follow a Dense layer",
    ),
    "softmax inside": (
        with_layers(dense(3, "softmax"), TWO[2]),
        "softmax may stand on the last layer",
    ),
    "relu at the end": (with_layers(TWO[1], dense(2, "relu")), "the last layer must be one of"),
    "two sigmoids": (
        with_layers(TWO[1], dense(2, "sigmoid")),
        "a sigmoid output is of two classes",
    ),
    "normalisation inside": (
        with_layers(TWO[1], layer("Normalization", mean=[0], variance=[1]), TWO[2]),
        "a Normalization layer may stand before all others only",
    ),
    "normalisation without numbers": (
        with_layers(layer("Normalization", mean=None, variance=["a"]), *TWO[1:]),
        "must have its mean and variance as lists of numbers",
    ),
    "normalisation of a huge number": (
        with_layers(layer("Normalization", mean=[10**400, 0], variance=[1, 1]), *TWO[1:]),
        "must have its mean and variance as lists of numbers",
    ),
    "normalisation by a root of a negative number": (
        with_layers(layer("Normalization", mean=[1, 2], variance=[-0.5, 1]), *TWO[1:]),
        "a variance must not be negative, received -0.5",
    ),
    "a name of a thousand bytes": (
        GOOD[:26] + (1000).to_bytes(2, "little") + GOOD[28:],
        "File name in directory 'config.json' and header b'config.json{",
    ),
    "damaged lzma": (in_lzma(), "cannot be read as a .keras file"),
    "weights are no HDF5": (archive(sequential(*TWO), b"hello"), "cannot be read as a .keras file"),
    "a layer is missing": (
        archive(sequential(*TWO), hdf5(weights_of(2, 3))),
        "there is no layers/dense_1/vars/0 in model.weights.h5",
    ),
    "not a number": (
        with_kernel(np.full((2, 3), np.nan, np.float32)),
        "weights of layer 1 must be finite",
    ),
    "another shape": (
        with_kernel(np.zeros((2, 4), np.float32)),
        "floating-point numbers of shape (None, 3)",
    ),
    "whole numbers": (with_kernel(np.zeros((2, 3), np.int32)), "received int32 (2, 3)"),
    "texts": (with_kernel(np.full((2, 3), b"abc")), "received |S3 (2, 3)"),
    "compressed": (with_kernel(HALF, compression="gzip"), "is not stored as a plain array"),
    "chunked": (with_kernel(HALF, chunks=(1, 3)), "is not stored as a plain array"),
    "a link to a file": (
        with_kernel(h5py.ExternalLink("/etc/passwd", "/")),
        f"there is no {KERNEL}",
    ),
    "a link inside": (
        with_kernel(h5py.SoftLink("/layers/dense_1/vars/0")),
        f"there is no {KERNEL}",
    ),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=BAD)
def test_a_bad_file_is_one_sentence_that_names_it(content: bytes, reason: str, tmp_path: Path):
    path = tmp_path / "a.keras"
    path.write_bytes(content)
    with pytest.raises(MlplabError) as refused:
        read_keras(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"'{path}' cannot be read as a .keras file: ")
    assert reason in sentence
    assert "\n" not in sentence
    assert len(sentence) < 500
    assert [each.name for each in tmp_path.iterdir()] == ["a.keras"]


def test_the_file_that_the_bad_ones_are_made_of_is_good(tmp_path: Path):
    (tmp_path / "a.keras").write_bytes(GOOD)
    assert read_keras(tmp_path / "a.keras").layer_sizes == (2, 3, 2)


def test_logits_are_given_the_softmax_that_was_in_the_loss(tmp_path: Path):
    path = tmp_path / "a.keras"
    path.write_bytes(with_layers(TWO[1], dense(2, "linear")))
    assert read_keras(path).target_names == ("y1", "y2")
    assert read_keras(path, Answers(output_activation="softmax")).label_names == ("0", "1")
    path.write_bytes(GOOD)
    with pytest.raises(
        MlplabError, match=r"the output is softmax already, received 'linear' for it$"
    ):
        read_keras(path, Answers(output_activation="linear"))


@settings(max_examples=80)
@given(st.integers(0, len(GOOD) - 1))
def test_a_truncated_file_is_refused(tmp_path_factory: pytest.TempPathFactory, end: int):
    path = tmp_path_factory.getbasetemp() / "truncated.keras"
    path.write_bytes(GOOD[:end])
    with pytest.raises(MlplabError, match=r"truncated.keras' cannot be read as a .keras file: "):
        read_keras(path)


def model_or_sentence(path: Path) -> None:
    sentence = ""
    try:
        model = read_keras(path)
    except MlplabError as error:
        sentence = str(error)
    if sentence:
        assert sentence.startswith(f"'{path}' cannot be read as a .keras file: ")
        assert "\n" not in sentence
    else:
        assert model.outputs(np.zeros((2, model.features))).shape == (2, model.answers)


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(0, len(H5) - 1), st.integers(0, 255)), min_size=1, max_size=4)
)
def test_changed_weights_are_a_model_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
):
    # In a zip whose checksum is right, so that HDF5 has to find it.
    content = bytearray(H5)
    for place, byte in changes:
        content[place] = byte
    path = tmp_path_factory.getbasetemp() / "changed.keras"
    path.write_bytes(archive(sequential(*TWO), bytes(content)))
    model_or_sentence(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(["units", "activation", "use_bias", "name", "mean", "variance", "invert"])


@settings(max_examples=80)
@given(st.sampled_from([0, 1, 2]), st.dictionaries(FIELDS, JSON, max_size=2), st.booleans())
def test_changed_layers_are_a_model_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, place: int, fields: dict[str, Any], normalised: bool
):
    layers = (
        [layer("Normalization", mean=[0, 1], variance=[1, 2]), *TWO[1:]] if normalised else [*TWO]
    )
    layers[place] = {**layers[place], "config": {**layers[place]["config"], **fields}}
    path = tmp_path_factory.getbasetemp() / "layers.keras"
    path.write_bytes(with_layers(*layers))
    model_or_sentence(path)
