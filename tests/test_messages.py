"""What a bad experiment is answered: one sentence that says where, what, and the nearest good name."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplab.errors import MissingExtraError, MlplabError, SpecError, suggestion
from mlplab.installation import install_command
from mlplab.spec import Experiment, Training

POLAR = 'dataset = "polar"\n'
HIDDEN = POLAR + "[network]\nhidden_layers = 2\nlayer_width = 5\n"

DATASET_NAMES = (
    "linear, polar, moons, circles, spirals, xor, file, arrays, "
    "noisy_sine, plane, franke, friedman_1"
)
ACTIVATION_NAMES = (
    "linear, sigmoid, tanh, relu, leaky_relu, elu, softplus, softsign, selu, hard_sigmoid, relu6, "
    "exponential, silu, gelu, gelu_tanh, mish"
)
INITIALIZER_NAMES = (
    "random_normal, random_uniform, truncated_normal, glorot_normal, glorot_uniform, "
    "he_normal, he_uniform, lecun_normal, lecun_uniform, orthogonal, identity, constant, ones, zeros"
)
OPTIMIZER_NAMES = "sgd, adam, adamw, nadam, adagrad, rmsprop, adadelta, lion"
SCHEDULE_NAMES = (
    "exponential_decay, piecewise_constant_decay, polynomial_decay, inverse_time_decay, "
    "cosine_decay, cosine_decay_restarts"
)


def sgd(fields: str) -> str:
    return POLAR + '[training.optimizer]\nkind = "sgd"\n' + fields


def schedule(fields: str) -> str:
    return sgd("[training.optimizer.learning_rate]\n" + fields)


UNKNOWN_NAMES = {
    'dataset = "poler"': (
        f"dataset: unknown name 'poler'; did you mean 'polar'? (known: {DATASET_NAMES})"
    ),
    '[dataset]\nkind = "spiral"': (
        f"dataset: unknown name 'spiral'; did you mean 'spirals'? (known: {DATASET_NAMES})"
    ),
    'dataset = "q"': f"dataset: unknown name 'q'; known: {DATASET_NAMES}",
    'dataset = "x\\ny"': rf"dataset: unknown name 'x\ny'; known: {DATASET_NAMES}",
    "[dataset]\nkind = 5": f"dataset: unknown name '5'; known: {DATASET_NAMES}",
    HIDDEN + 'activation = "ReLU"': (
        f"network.activation: unknown name 'ReLU'; did you mean 'relu'? (known: {ACTIVATION_NAMES})"
    ),
    HIDDEN + 'activation = "softmax"': (
        "network.activation: unknown name 'softmax'; did you mean 'softsign'? "
        f"(known: {ACTIVATION_NAMES})"
    ),
    HIDDEN + "activation = 5": f"network.activation: unknown name 5; known: {ACTIVATION_NAMES}",
    HIDDEN + 'activation = ["relu", "tahn"]': (
        "network.activation.1: unknown name 'tahn'; did you mean 'tanh'? "
        f"(known: {ACTIVATION_NAMES})"
    ),
    HIDDEN + 'activation = [5, "relu"]': (
        f"network.activation.0: unknown name 5; known: {ACTIVATION_NAMES}"
    ),
    POLAR + '[network]\ninitializer = "GlorotNormal"': (
        "network.initializer: unknown name 'GlorotNormal'; did you mean 'glorot_normal'? "
        f"(known: {INITIALIZER_NAMES})"
    ),
    POLAR + '[training]\noptimizer = "adan"': (
        f"training.optimizer: unknown name 'adan'; did you mean 'adam'? (known: {OPTIMIZER_NAMES})"
    ),
    POLAR + '[training]\noptimizer = "RMSprop"': (
        "training.optimizer: unknown name 'RMSprop'; did you mean 'rmsprop'? "
        f"(known: {OPTIMIZER_NAMES})"
    ),
    schedule('kind = "ExponentialDecay"'): (
        "training.optimizer.learning_rate: unknown name 'ExponentialDecay'; "
        f"did you mean 'exponential_decay'? (known: {SCHEDULE_NAMES})"
    ),
    POLAR + '[training]\nloss = "crossentropy"': (
        "training.loss: unknown name 'crossentropy'; did you mean 'categorical_crossentropy'? "
        "(known: mean_squared_error, categorical_crossentropy, binary_crossentropy, "
        "mean_absolute_error, huber)"
    ),
    POLAR + '[training]\ndtype = "float16"': (
        "training.dtype: unknown name 'float16'; did you mean 'float64'? (known: float32, float64)"
    ),
}

UNKNOWN_FIELDS = {
    POLAR + "[trainning]": (
        "no field 'trainning' here; did you mean 'training'? (known: dataset, network, training)"
    ),
    POLAR + "[training]\nepoch = 3": (
        "training: no field 'epoch' here; did you mean 'epochs'? "
        f"(known: {', '.join(Training.model_fields)})"
    ),
    POLAR + '[training]\n"two\\nlines" = 3': (
        r"training: no field 'two\nlines' here; "
        f"known: {', '.join(Training.model_fields)}"
    ),
    POLAR + '[training.optimizer]\nkind = "adam"\nmomentum = 0.3': (
        "training.optimizer: no field 'momentum' in 'adam'; "
        "known: kind, learning_rate, beta_1, beta_2, epsilon, weight_decay, clipvalue, clipnorm, "
        "global_clipnorm"
    ),
    '[dataset]\nkind = "moons"\nclasses = 2': (
        "dataset: no field 'classes' in 'moons'; known: kind, sigma, train_per_class, test_per_class"
    ),
    POLAR + '[network.initializer]\nkind = "random_normal"\nstd = 0.1': (
        "network.initializer: no field 'std' in 'random_normal'; did you mean 'stddev'? "
        "(known: kind, shared, mean, stddev)"
    ),
    schedule('kind = "exponential_decay"\nrate = 0.9'): (
        "training.optimizer.learning_rate: no field 'rate' in 'exponential_decay'; "
        "did you mean 'initial_learning_rate'? "
        "(known: kind, initial_learning_rate, decay_steps, decay_rate, staircase)"
    ),
}

MISSING = {
    "": "dataset: is missing",
    "[dataset]\nsigma = 0.1": (
        "dataset: expected a name or a table with a kind, received {'sigma': 0.1}"
    ),
    'dataset = "file"': "dataset.path: is missing",
    schedule('kind = "exponential_decay"'): (
        "training.optimizer.learning_rate.initial_learning_rate: is missing (and 2 more)"
    ),
    POLAR + '[network]\nhidden_layers = 2\nactivation = "relu"': (
        "network: layer_width is missing: hidden_layers=2 needs it"
    ),
    HIDDEN: "network: activation is missing: hidden_layers=2 needs it",
}

DO_NOT_FIT = {
    POLAR + '[network]\nhidden_layers = 3\nlayer_width = [5, 4]\nactivation = "relu"': (
        "network: layer_width must be one number or 3 of them, one for each hidden layer, "
        "received [5, 4]"
    ),
    HIDDEN + 'activation = ["relu"]': (
        "network: activation must be one name or 2 of them, one for each hidden layer, "
        "received ['relu']"
    ),
    POLAR + '[network]\nhidden_layers = 0\nactivation = "relu"': (
        "network: activation does not apply to a network without hidden layers: "
        "remove it or set hidden_layers, received activation='relu'"
    ),
    POLAR + "[network]\nlayer_width = 5": (
        "network: layer_width does not apply to a network without hidden layers: "
        "remove it or set hidden_layers, received layer_width=5"
    ),
    sgd("nesterov = true"): (
        "training.optimizer: nesterov needs momentum above 0, received momentum=0"
    ),
    POLAR + '[network.initializer]\nkind = "random_uniform"\nminval = 1.0': (
        "network.initializer: minval must not exceed maxval, received 1.0 and 0.05"
    ),
    schedule('kind = "piecewise_constant_decay"\nboundaries = [10]\nvalues = [1.0]'): (
        "training.optimizer.learning_rate: values must be one more than boundaries, "
        "received 1 values and 1 boundaries"
    ),
    schedule('kind = "piecewise_constant_decay"\nboundaries = [9, 9]\nvalues = [3, 2, 1]'): (
        "training.optimizer.learning_rate: boundaries must increase, received [9, 9]"
    ),
    schedule(
        'kind = "cosine_decay"\ninitial_learning_rate = 0.1\ndecay_steps = 9\nwarmup_steps = 5'
    ): (
        "training.optimizer.learning_rate: a warm-up needs both warmup_target and warmup_steps, "
        "received None and 5"
    ),
    '[dataset]\nkind = "file"\npath = "a.csv"\nvalidation_fraction = 0.5\ntest_fraction = 0.5': (
        "dataset: validation_fraction + test_fraction must leave samples to train on (be below 1), "
        "received 0.5 + 0.5"
    ),
}

BAD_VALUES = {
    '[dataset]\nkind = "polar"\nsigma = nan': (
        "dataset.sigma: input should be a finite number, received nan"
    ),
    '[dataset]\nkind = "polar"\nsigma = inf': (
        "dataset.sigma: input should be a finite number, received inf"
    ),
    '[dataset]\nkind = "polar"\nsigma = 1e308': (
        "dataset.sigma: input should be less than or equal to 1000000, received 1e+308"
    ),
    '[dataset]\nkind = "polar"\nsigma = -0.1': (
        "dataset.sigma: input should be greater than or equal to 0, received -0.1"
    ),
    '[dataset]\nkind = "polar"\nsigma = "0.1"': (
        "dataset.sigma: input should be a valid number, received '0.1'"
    ),
    '[dataset]\nkind = "polar"\nclasses = 1': (
        "dataset.classes: input should be greater than or equal to 2, received 1"
    ),
    POLAR + "[training]\nepochs = true": (
        "training.epochs: input should be a valid integer, received True"
    ),
    POLAR + "[training]\nbatch_size = 16.0": (
        "training.batch_size: input should be a valid integer, received 16.0"
    ),
    sgd("nesterov = 1"): (
        "training.optimizer.nesterov: input should be a valid boolean, received 1"
    ),
    sgd('learning_rate = "0.1"'): (
        "training.optimizer.learning_rate: expected a number or a name, received the text '0.1'"
    ),
    sgd("learning_rate = true"): (
        "training.optimizer.learning_rate: input should be a valid number, received True"
    ),
    HIDDEN.replace("= 5", "= [5, 0]") + 'activation = "relu"': (
        "network.layer_width.1: input should be greater than or equal to 1, received 0"
    ),
    HIDDEN.replace("= 5", '= "5"') + 'activation = "relu"': (
        "network.layer_width: input should be a valid integer, received '5'"
    ),
    "dataset = 5": "dataset: expected a name or a table with a kind, received 5",
    'network = "deep"\n' + POLAR: "network: expected a table, received 'deep'",
    f'dataset = "polar"\nnetwork = "{"x" * 100}"': (
        f"network: expected a table, received '{'x' * 56}..."
    ),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(text, wanted, id=wanted[:60])
        for table in (UNKNOWN_NAMES, UNKNOWN_FIELDS, MISSING, DO_NOT_FIT, BAD_VALUES)
        for text, wanted in table.items()
    ],
)
def test_bad_experiment_is_answered_in_one_sentence(text: str, wanted: str):
    with pytest.raises(SpecError) as raised:
        Experiment.from_toml_text(text, source="lab.toml")
    assert str(raised.value) == f"lab.toml: {wanted}"
    assert "\n" not in wanted


def test_the_message_names_the_file(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text("dataset = 5", encoding="utf-8")
    with pytest.raises(SpecError) as raised:
        Experiment.from_toml(path)
    assert str(raised.value) == (
        f"{path}: dataset: expected a name or a table with a kind, received 5"
    )


def test_broken_toml_says_in_which_line(tmp_path: Path):
    path = tmp_path / "own.toml"
    path.write_text('[dataset]\nkind = "polar\n', encoding="utf-8")
    with pytest.raises(SpecError) as raised:
        Experiment.from_toml(path)
    message = str(raised.value)
    assert message.startswith(f"{path} is not valid TOML: ")
    assert "line 2" in message
    assert "\n" not in message


def test_a_text_without_quotes_is_guessed():
    with pytest.raises(SpecError, match=r"line 1, column 11\); is it a text without quotes\?$"):
        Experiment.from_toml_text("dataset = polar")
    with pytest.raises(SpecError, match=r"at end of document\)$"):
        Experiment.from_toml_text("dataset")


@pytest.mark.parametrize("name", ["points.csv", "points.NPZ", "points.parquet"])
def test_points_in_the_place_of_an_experiment_are_told_how_to_be_named(name: str, tmp_path: Path):
    path = tmp_path / name
    path.write_text("x1,x2,label\n", encoding="utf-8")
    with pytest.raises(SpecError) as raised:
        Experiment.from_toml(path)
    assert str(raised.value) == (
        f"'{path}' looks like samples, not like an experiment: name it in a TOML file, as "
        f'dataset = {{kind = "file", path = "{name}"}}'
    )
    advised = str(raised.value).partition(", as ")[2]
    assert Experiment.from_toml_text(advised).dataset.path == name


def test_file_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "latin.toml").write_bytes('dataset = "pölar"'.encode("latin-1"))
    (tmp_path / "half.toml").write_bytes('dataset = "polar"'.encode("utf-16")[:-1])
    for name, reason in [
        ("absent.toml", "No such file or directory"),
        ("", "Is a directory"),
        ("latin.toml", "it is not text in UTF-8 or UTF-16"),
        ("half.toml", "it is not text in UTF-8 or UTF-16"),
    ]:
        path = tmp_path / name
        with pytest.raises(SpecError) as raised:
            Experiment.from_toml(path)
        assert str(raised.value) == f"cannot read the experiment '{path}': {reason}"


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("RELU", "relu"),
        ("SIGMOD", "sigmoid"),
        ("leaky", "leaky_relu"),
        ("sig", "sigmoid"),
        ("e", "elu"),
        ("softmx", "softsign"),
        ("", None),
        ("cubic", None),
    ],
)
def test_suggestion_is_the_nearest_word_whatever_its_case(word: str, nearest: str | None):
    known = ACTIVATION_NAMES.split(", ")
    listing = f"known: {ACTIVATION_NAMES}"
    wanted = f"did you mean '{nearest}'? ({listing})" if nearest else listing
    assert suggestion(word, known) == wanted


def test_every_error_of_ours_is_a_value_error():
    assert issubclass(MlplabError, ValueError)
    assert issubclass(SpecError, MlplabError)


def test_missing_extra_gives_the_command_that_installs_it():
    assert str(MissingExtraError("the keras trainer needs Keras", "keras")) == (
        f"the keras trainer needs Keras: install it with  {install_command('keras')}"
    )
