"""What a search may choose, as a file says it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.errors import MlplabError
from mlplab.spec import Experiment
from mlplab.sweep import Axis, Range, SearchPlan, Space
from mlplab.sweep.samplers import make_sampler

BASE = Experiment(dataset="linear")
RATE = "training.optimizer.learning_rate"
MIXED = {
    "training": {"batch_size": [8, 16, 32], "epochs": "log:1:100"},
    "training.optimizer": {"learning_rate": "log:0.001:1", "momentum": "lin:0:0.9:4"},
}


def asked(name: str, space: Space, count: int = 64, seed: int = 0) -> list[dict[str, Any]]:
    return make_sampler(name, space, count, seed, lower_is_better=False).ask()


def test_a_file_mirrors_the_experiment(tmp_path: Path) -> None:
    file = tmp_path / "space.toml"
    file.write_text(
        "\ufeff[training]\nbatch_size = [8, 16]\n[training.optimizer]\nlearning_rate = 'log:0.1:1'\n",
        encoding="utf-8",
    )
    assert Space.from_toml(file, BASE).choices == (
        Axis("training.batch_size", (8, 16)),
        Range(RATE, 0.1, 1.0, "log"),
    )


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "names no setting"),
        ({"training": {"batch_size": 3}}, "training.batch_size expects a list of values"),
        (
            {"training": {"batch_siz": [3]}},
            "space.toml: Experiment: training: no field 'batch_siz'",
        ),
        ({"training": {"batch_size": "log:64:1"}}, "FROM must be below TO"),
        ({"training": {"batch_size": "lin:1.2:1.8"}}, "no whole numbers"),
        ({"training": {"batch_size": [4, 4]}}, "4 stands there twice"),
        ({"training": {"batch_size": []}}, "space.toml: training.batch_size needs one value"),
        ({"training": {"batch_size": [date(2020, 1, 1)]}}, 'training.batch_size="2020-01-01"'),
        ({"training": {"batch_size": [4, 0]}}, "refuses the cells with training.batch_size=0"),
        ({"training": {"batch_size": "lin:0:4"}}, "refuses the cells with training.batch_size=0"),
        ({"training.batch_size": [1], "training": {"batch_size": [2]}}, "stands there twice"),
        ({RATE: "log:0:1"}, "log needs numbers above 0"),
        ({RATE: "log:a:1"}, "expects log:FROM:TO, received 'log:a:1'"),
        ({RATE: "log:0.1:1:3:4"}, "expects log:FROM:TO:N"),
        ({RATE: [1, 1.0]}, "1 and 1.0 mean the same"),
        (
            {"training.optimizer": ["sgd", "adam"], "training.optimizer.momentum": "lin:0:0.9"},
            "refuses the cells with training.optimizer=adam",
        ),
        ({"dataset": ["linear", "polar"]}, "dataset changes the validation samples"),
        ({"dataset.sigma": "lin:0.1:0.2"}, "the easiest ones would win"),
    ],
)
def test_what_cannot_be_searched_is_refused(table: dict[str, Any], says: str) -> None:
    with pytest.raises(MlplabError) as refused:
        SearchPlan.of(BASE, Space.from_table(table, BASE, "space.toml"), candidates=2)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "content", [b"a = ", b"\xff\xff\xff", b"a." * 2000 + b"a = [1]", b"a = [1" + b"0" * 5000 + b"]"]
)
def test_a_file_that_is_none_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "space.toml").write_bytes(content)
    with pytest.raises(MlplabError, match=r"space\.toml"):
        Space.from_toml(tmp_path / "space.toml", BASE)
    with pytest.raises(MlplabError, match="cannot read the space"):
        Space.from_toml(tmp_path, BASE)


def test_a_range_has_every_number_alike() -> None:
    fractions = (np.arange(6000) + 0.5) / 6000
    whole = Counter(Range("a", 1, 3, "lin", whole=True).at(each) for each in fractions)
    assert whole == {1: 2000, 2: 2000, 3: 2000}
    # Each whole number k of a logarithmic range has log((k + 1) / k) of it.
    ratio = Counter(Range("a", 1, 3, "log", whole=True).at(each) for each in fractions)
    assert ratio == {1: 3000, 2: 1755, 3: 1245}
    rates = np.array([Range("a", 0.01, 100.0, "log").at(each) for each in fractions])
    assert np.median(np.log10(rates)) == pytest.approx(0, abs=0.01)
    assert rates.min() >= 0.01
    assert rates.max() <= 100.0
    # The quotient of these ends is no number.
    assert Range("a", 1e-300, 1e300, "log").at(0.25) == pytest.approx(1e-150)


@pytest.mark.parametrize("name", ["random", "sobol"])
def test_candidates_are_the_same_for_ever_and_differ(name: str) -> None:
    space = Space.from_table(MIXED, BASE)
    first = asked(name, space)
    assert first == asked(name, space)
    assert first != asked(name, space, seed=1)
    assert len({repr(each) for each in first}) == 64
    golden = {
        "random": [16, 3, 0.0445809311637, 0.6],
        "sobol": [16, 37, 0.0630323549389, 0.3],
    }
    assert list(first[3].values()) == golden[name]


def test_sobols_candidates_are_spread_evenly() -> None:
    space = Space.from_table({RATE: "lin:0.1:1", "training.batch_size": [1, 2, 3, 4]}, BASE)
    found = asked("sobol", space, 64)
    assert Counter(each["training.batch_size"] for each in found) == dict.fromkeys(range(1, 5), 16)
    slots = Counter(int((each[RATE] - 0.1) / 0.9 * 8) for each in found)
    assert slots == dict.fromkeys(range(8), 8)


def test_a_grid_has_each_combination_once() -> None:
    space = Space.from_table({"training.batch_size": [4, 8], RATE: "log:0.01:1:3"}, BASE)
    found = [tuple(each.values()) for each in asked("grid", space)]
    assert found == [(4, 0.01), (4, 0.1), (4, 1.0), (8, 0.01), (8, 0.1), (8, 1.0)]
    with pytest.raises(MlplabError, match=r"training\.epochs, as in log:1:100:8"):
        asked("grid", Space.from_table(MIXED, BASE))


@pytest.mark.parametrize("name", ["random", "sobol", "tpe"])
def test_a_small_space_is_never_asked_for_more_than_it_has(name: str) -> None:
    space = Space.from_table({"training.batch_size": [4, 8, 16], RATE: [0.1, 1.0]}, BASE)
    sampler = make_sampler(name, space, 6, 0, lower_is_better=True)
    found = sampler.ask()
    assert len({repr(each) for each in found}) == len(found) == 6
    with pytest.raises(MlplabError, match="has 6 candidates, fewer than 7"):
        make_sampler(name, space, 7, 0, lower_is_better=True)


def test_tpe_goes_where_scores_are_good() -> None:
    space = Space.from_table({RATE: "log:0.001:10", "training.batch_size": [4, 8, 16]}, BASE)

    def search(lower_is_better: bool) -> list[dict[str, Any]]:
        sampler = make_sampler("tpe", space, 80, 3, lower_is_better)
        found = []
        while some := sampler.ask():
            found += some
            loss = [np.log10(each[RATE]) ** 2 + (each["training.batch_size"] != 8) for each in some]
            # A candidate whose runs diverge is the worst of all.
            loss = [
                np.inf if each[RATE] > 5 else value for each, value in zip(some, loss, strict=True)
            ]
            sampler.tell(loss if lower_is_better else [-value for value in loss])
        return found

    found = search(lower_is_better=True)
    assert found == search(lower_is_better=True) == search(lower_is_better=False)
    late = found[-24:]
    assert len(found) == 80
    assert sum(0.3 < each[RATE] < 3 for each in late) > 16
    assert sum(each["training.batch_size"] == 8 for each in late) > 12
