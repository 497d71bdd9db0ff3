"""Formula templates: each part has one, and it says what the part computes."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
import pytest

from mlplab.spec import ACTIVATIONS, HEADS, REGRESSION_HEADS
from mlplab.spec.formulas import Formula, Rule, filled
from mlplab.spec.heads import SMOOTHING
from mlplab.spec.optimizers.base import CLIPPING, CLIPPING_FORMULAS, OptimizerSpec
from mlplab.spec.regularizers import SLOPE_FORMULA, RegularizerSpec

from .arithmetic import evaluate

ALL_HEADS = [*HEADS.items(), *REGRESSION_HEADS.items()]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("z", [-7.25, -2.5, -0.3, 0.0, 0.4, 2.5, 7.25])
def test_an_activations_templates_are_its_function_and_derivative(
    name: str, z: float, tolerance: Any
):
    activation, of = ACTIVATIONS[name], np.array([z])
    h = float(activation.function(of)[0])
    assert evaluate(activation.formula, {"z": z}) == pytest.approx(h, rel=1e-12, abs=1e-12)
    slope = float(activation.derivative(of)[0])
    found = evaluate(activation.slope, {"z": z, "h": h})
    assert found == pytest.approx(slope, rel=1e-9, abs=tolerance.float64)


@pytest.mark.parametrize("head", [head for _, head in ALL_HEADS], ids=[n for n, _ in ALL_HEADS])
@pytest.mark.parametrize("scale", [0.3, 3.0])
def test_a_heads_templates_are_its_output_loss_and_delta(head: Any, scale: float, tolerance: Any):
    rng = np.random.default_rng(5)
    z = rng.normal(size=(1, head.outputs(3))) * scale
    labels = np.array([1]) if not head.has_targets else rng.normal(size=(1, 3))
    y = head.targets(labels, 3, np.float64)
    p, near = head.output(z), {"rel": 1e-9, "abs": tolerance.float64}
    values = {"z": z[0].tolist(), "p": p[0].tolist(), "y": y[0].tolist(), "K": y.shape[1]}
    loss = evaluate(head.loss.formula, values)
    assert loss == pytest.approx(head.mean_loss(p, y), **near)
    slope = head.loss.derivative(p, y)
    delta = head.delta(p, y)
    for k in range(y.shape[1]):
        assert evaluate(head.output_formula, values, k) == pytest.approx(p[0, k], **near)
        assert evaluate(head.loss.slope, values, k) == pytest.approx(slope[0, k], **near)
        of = values | {"g": slope[0].tolist()}
        assert evaluate(head.backward_formula, of, k) == pytest.approx(delta[0, k], **near)


def test_where_a_probability_is_clipped_the_loss_is_that_of_the_limit():
    loss = HEADS["categorical_crossentropy"].loss
    p, y = np.array([[1e-9, 1 - 1e-9]]), np.array([[1.0, 0.0]])
    kept = np.clip(p, *loss.within)
    values = {"p": kept[0].tolist(), "y": y[0].tolist()}
    assert evaluate(loss.formula, values) == pytest.approx(loss.function(p, y))
    assert loss.derivative(p, y)[0, 0] == 0


def test_smoothing_penalties_and_clipping_have_templates(tolerance: Any):
    y = evaluate(SMOOTHING.template, {"y": 1.0, "s": 0.1, "K": 4})
    assert y == pytest.approx(0.925)
    for kind in RegularizerSpec.kinds.values():
        strengths = {name: 0.25 for name in kind.model_fields if name != "kind"}
        part = kind(**strengths)
        l1, l2 = part.strengths
        for w in (-0.5, 0.0, 2.0):
            found = evaluate(SLOPE_FORMULA, {"l1": l1, "l2": l2, "w": w})
            assert found == pytest.approx(float(part.derivative(np.array([w]))[0]))
    assert set(CLIPPING_FORMULAS) == set(CLIPPING)
    assert evaluate(CLIPPING_FORMULAS["clipvalue"], {"g": -3.0, "c": 0.5}) == -0.5
    shortened = evaluate(CLIPPING_FORMULAS["clipnorm"], {"g": -3.0, "c": 0.5, "‖g‖": 6.0})
    assert shortened == pytest.approx(-0.25, abs=tolerance.float64)


_SGD, _RMSPROP = OptimizerSpec.kinds["sgd"], OptimizerSpec.kinds["rmsprop"]

OPTIMIZERS = [
    *(kind(learning_rate=0.5) for kind in OptimizerSpec.kinds.values()),
    _SGD(learning_rate=0.5, momentum=0.75),
    _SGD(learning_rate=0.5, momentum=0.75, nesterov=True),
    _RMSPROP(learning_rate=0.5, momentum=0.75),
]
"""Every kind, and each way in which one moves."""


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: str(optimizer.kind))
def test_an_optimizers_rule_is_its_update(optimizer: OptimizerSpec, tolerance: Any):
    w, moments = np.array([0.75]), [np.array([value]) for value in optimizer.initial_moments]
    names = optimizer.moment_symbols
    assert len(names) == len(optimizer.moments)
    for number, g in enumerate([0.5, -2.0, 0.25]):
        sizes = optimizer.step_sizes(np.array([float(number)]))[:, 0].tolist()
        values = {symbol: getattr(optimizer, field) for symbol, field in optimizer.symbols.items()}
        values |= dict(zip(optimizer.step_size_symbols, sizes, strict=False))
        values |= {name: float(m[0]) for name, m in zip(names, moments, strict=True)}
        values |= {"w": float(w[0]) * (1 - sizes[-1] * (optimizer.weight_decay > 0)), "g": g}
        w *= 1 - sizes[-1] * (optimizer.weight_decay > 0)
        optimizer.update(w, np.array([g]), sizes, *moments)
        for line in optimizer.update_rule.lines:
            values[line.name] = evaluate(line.template, values)
        assert values["w"] == pytest.approx(w[0], abs=tolerance.float64)
        for name in optimizer.update_rule.names & set(names):
            expected = float(moments[names.index(name)][0])
            assert values[name] == pytest.approx(expected, abs=tolerance.float64)


def test_all_ways_to_move_are_tried():
    assert {rule.lines for kind in OptimizerSpec.kinds.values() for rule in kind.update_rules} == {
        optimizer.update_rule.lines for optimizer in OPTIMIZERS
    }


def test_an_optimizer_without_a_rule_or_with_a_foreign_name_is_none(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(OptimizerSpec, "kinds", dict(OptimizerSpec.kinds))
    with pytest.raises(TypeError, match="Silent needs `update_rules`"):

        class Silent(OptimizerSpec):
            """Tells no formula."""

            kind: Literal["silent"] = "silent"

    with pytest.raises(TypeError, match=r"read q, which is none of g, w, η"):

        class Foreign(OptimizerSpec):
            """Reads what is not there."""

            kind: Literal["foreign"] = "foreign"
            update_rules: ClassVar[tuple[Rule, ...]] = (Rule((Formula("w", "{w} - {q}"),)),)

    assert not {"silent", "foreign"} & OptimizerSpec.kinds.keys()


def test_negative_numbers_stand_in_parentheses_and_long_sums_are_cut():
    assert filled("{a} · {b}²", {"a": -1.0, "b": -2.0}) == "-1 · (-2)²"
    text = filled("Σ[{p} - {y}] / {K}", {"p": [1.0] * 9, "y": [-2.0] * 9, "K": 9}, most=2)
    assert text == "(1 - (-2) + 1 - (-2) + …) / 9"
