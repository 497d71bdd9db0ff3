"""How a gradient moves parameters: what `spec.optimizers` has no reason to care for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlplab.engine.lanes import LANES
from mlplab.engine.updates import OPTIMIZERS, SEGMENT, optimizer_constants, optimizer_name, repeat
from mlplab.errors import MlplabError
from mlplab.spec import (
    SGD,
    Adadelta,
    Adam,
    AdamW,
    Lion,
    Nadam,
    OptimizerSpec,
    RMSprop,
)

FADING: dict[str, OptimizerSpec] = {
    "momentum": SGD(momentum=0.9),
    "nesterov": SGD(momentum=0.9, nesterov=True),
    "adam": Adam(beta_2=0.9),
    "nadam": Nadam(beta_2=0.9),
    "rmsprop": RMSprop(momentum=0.9),
    "adadelta": Adadelta(rho=0.9),
    "lion": Lion(beta_2=0.9),
}
UPDATES = {name: update for known in OPTIMIZERS.values() for name, update in known.updates.items()}
SIZE = 2 * SEGMENT + 3 * LANES
"""Two segments and a part of one."""


def numbers(value: float, dtype: Any) -> np.ndarray:
    return np.full(SIZE, value, dtype)


def test_all_that_remembers_a_mean_is_let_fade():
    assert set(FADING) == set(UPDATES) - {"sgd", "adagrad"}
    assert {name: optimizer_name(spec) for name, spec in FADING.items()} == {
        name: name for name in FADING
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", FADING)
def test_a_moment_that_fades_is_never_subnormal(name: str, dtype: Any):
    spec, update = FADING[name], UPDATES[name]
    constants = np.tile(optimizer_constants(spec).astype(dtype)[:, None], SEGMENT)
    rate = np.full(spec.step_size_count * SEGMENT, 0.01, dtype)
    theta, gradient = numbers(1, dtype), numbers(1e-3, dtype)
    first_moment, second_moment = numbers(0, dtype), numbers(0, dtype)
    update(constants, rate, theta, gradient, first_moment, second_moment)
    assert first_moment.all()
    gradient[:] = 0
    smallest = np.finfo(dtype).tiny
    for _ in range(8000):  # 0.9^8000 is 1e-366
        update(constants, rate, theta, gradient, first_moment, second_moment)
        for kept in (first_moment[0], second_moment[0]):
            assert kept == 0 or abs(kept) >= smallest
    assert not first_moment.any()
    assert not second_moment.any()
    assert np.isfinite(theta).all()


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_keeps_what_is_no_number(name: str):
    constants = np.tile(np.float32([[0.1], [0.1], [1e-7]]), SEGMENT)
    theta, gradient = numbers(1, np.float32), numbers(1, np.float32)
    first_moment, second_moment = numbers(0, np.float32), numbers(0, np.float32)
    gradient[-1] = np.nan
    rate = np.full(3 * SEGMENT, 0.01, np.float32)
    UPDATES[name](constants, rate, theta, gradient, first_moment, second_moment)
    assert np.argwhere(np.isnan(theta)).tolist() == [[SIZE - 1]]


@pytest.mark.parametrize("kind", OptimizerSpec.kinds)
def test_constants_are_the_same_compiled(kind: str):
    # Python asks for them as they are written, and the page the compiled function.
    describe = OPTIMIZERS[kind].describe
    for spec in (OptimizerSpec.kinds[kind](), *FADING.values()):
        if spec.kind == kind:
            found = np.zeros(3)
            which = describe(found, *spec.parameters)
            assert found.tolist() == optimizer_constants(spec).tolist()
            assert list(OPTIMIZERS[kind].updates)[which] == optimizer_name(spec)


def test_adamw_and_adam_share_their_kernel_and_so_their_blocks():
    assert optimizer_name(AdamW()) == optimizer_name(Adam())


def test_an_optimizer_without_a_kernel_is_refused():
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(OPTIMIZERS, "lion")
        with pytest.raises(MlplabError) as refused:
            optimizer_name(Lion())
    assert str(refused.value) == (
        "the engine has no kernel of the optimizer 'lion': "
        "give it to `mlplab.engine.updates.register`"
    )


def test_rates_of_the_lanes_come_again_and_again():
    out = np.empty(SEGMENT)
    repeat(np.arange(LANES, dtype=float), out)
    np.testing.assert_array_equal(out, np.arange(SEGMENT) % LANES)
