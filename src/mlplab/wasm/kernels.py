"""Which functions the module has, each compiled by Numba for the types that it is called with there.

A process that asks for them must have been told to compile for no processor in particular, and to keep
no code on disk: Numba shows no code that it has not just made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_origin

import numpy as np
from numba import types

from mlplab import drawing
from mlplab.boundary import piecewise_kernels
from mlplab.boundary.subdivision import Subdivision
from mlplab.engine import Stepper, block, block_evaluation, measuring, single, single_evaluation
from mlplab.engine.activations import ACTIVATIONS, activation_addresses
from mlplab.engine.heads import HEADS, head_addresses
from mlplab.engine.linear_output import fill_scales
from mlplab.engine.noise import add_noise, multiply_by_masks
from mlplab.engine.options import SWITCHES
from mlplab.engine.penalty import penalise
from mlplab.engine.switched import addressed
from mlplab.engine.updates import OPTIMIZERS, describe_optimizer, update_addresses
from mlplab.explain.judging import judge
from mlplab.explain.neighbours import score_neighbours
from mlplab.kernel import Kernel, entry
from mlplab.spec import (
    Adam,
    Experiment,
    InitializerSpec,
    Network,
    OptimizerSpec,
    Training,
    Xor,
)
from mlplab.spec.datasets import planar_recipes
from mlplab.spec.family import Family
from mlplab.spec.optimizers import fill_step_sizes
from mlplab.spec.schedules import Schedule, fill_rates
from mlplab.training import train
from mlplab.trial import draw

DTYPE = np.dtype(np.float32)
"""What the page trains with, as Keras does."""


@dataclass(frozen=True)
class Function:
    """A compiled function.

    Attributes
    ----------
    name : str
        In the module.
    arguments : sequence of (str, numba type)
        Their names, and what they are.
    compiled : object
        Numba's result of the compilation.
    """

    name: str
    arguments: Sequence[tuple[str, Any]]
    compiled: Any

    @classmethod
    def of(cls, name: str, dispatcher: Any, kinds: tuple[Any, ...] | None = None) -> Function:
        """Take what Numba has compiled of a function for some types; by default, its only version."""
        dispatcher = dispatcher.compiled if isinstance(dispatcher, Kernel) else dispatcher
        versions = dispatcher.overloads
        (compiled,) = versions.values() if kinds is None else [versions[kinds]]
        code = dispatcher.py_func.__code__
        names = code.co_varnames[: code.co_argcount]
        return cls(name, list(zip(names, compiled.signature.args, strict=True)), compiled)

    @property
    def symbol(self) -> str:
        """Its name in Numba's code."""
        return str(self.compiled.fndesc.llvm_func_name)

    @property
    def code(self) -> str:
        """Numba's code of it and of all that it calls, as LLVM's text."""
        return str(self.compiled.library.get_llvm_str())


def exported() -> list[Function]:
    """Return the functions that the page calls: they train, evaluate, predict, draw, and explain."""
    _use_the_engine()
    functions = [
        *_training("block_train", block.train),
        Function.of("block_evaluate", block_evaluation.evaluate),
        *_training("single_train", single.train),
        Function.of("single_evaluate", single_evaluation.evaluate),
        Function.of("single_predict", single_evaluation.predict),
        Function.of("measure", measuring.measure),
    ]
    number: Any = types.float64
    whole: Any = types.int64
    seeds, table, samples = types.uint64[::1], number[:, ::1], types.float32[:, :, ::1]
    splits = types.UniTuple(samples, 3)  # type: ignore[no-untyped-call]  # Numba's own
    for name, kind in planar_recipes().items():
        place = {"place": kind.place, "parameter_count": len(kind.parameter_names())}
        draws = entry(drawing.fill_samples, **place)
        functions.append(_compiled(f"samples_{name}", draws, (table, seeds, *(whole,) * 4, splits)))
    for name, initializer in InitializerSpec.kinds.items():
        count = len(initializer.parameter_names())
        draws = entry(drawing.fill_layers, formula=initializer.weights, parameter_count=count)
        functions.append(
            _compiled(f"layers_{name}", draws, (table, seeds, whole[:, ::1], whole[::1], table))
        )
    for name, schedule in Schedule.kinds.items():
        kinds = [_parameter_type(schedule, field) for field in schedule.parameter_names()]
        parameters = types.Tuple(kinds)  # type: ignore[no-untyped-call]  # Numba's own
        rates = entry(fill_rates, rate=schedule.rate)
        functions.append(_compiled(f"rates_{name}", rates, (number[::1], parameters, number[::1])))
    for name, optimizer in OptimizerSpec.kinds.items():
        fields = types.UniTuple(number, len(optimizer.parameter_names()))  # type: ignore[no-untyped-call]  # Numba's own
        sizes = entry(fill_step_sizes, scale=optimizer.scale)
        describes = entry(describe_optimizer, describe=OPTIMIZERS[name].describe)
        functions += [
            _compiled(
                f"step_sizes_{name}", sizes, (number[::1], number[::1], number, fields, table)
            ),
            _compiled(f"describe_{name}", describes, (fields, number[::1], whole[::1])),
        ]
    others = {
        "keys": (drawing.fill_keys, (whole, seeds, seeds)),
        "splits": (
            drawing.fill_splits,
            (whole[::1], whole[:, ::1], seeds, types.int8[:, ::1]),
        ),
    }
    for name, (function, arguments) in others.items():
        functions.append(_compiled(name, entry(function), arguments))
    functions.append(_compiled("scales", fill_scales, (samples, whole, whole)))
    neighbours = samples, whole, whole, whole, table, number[::1]
    functions.append(_compiled("score_neighbours", score_neighbours, neighbours))
    judged = number[:, :, ::1], number[::1], table, whole[::1], number[::1], table
    functions.append(_compiled("judge", judge, judged))
    return [*functions, *_linear_regions()]


def _linear_regions() -> list[Function]:
    """Return the functions that find linear regions and decision boundaries."""
    number: Any = types.float64
    whole: Any = types.int64
    small: Any = types.int32
    lists = dict.fromkeys(Subdivision._fields, small[::1])
    tables = dict.fromkeys(("points", "values", "scratch"), number[:, ::1])
    others = {"signs": types.int8[::1], "tolerances": number[::1], "state": whole[::1]}
    of_fields = list((lists | tables | others).values())
    subdivision = types.NamedTuple(of_fields, Subdivision)  # type: ignore[no-untyped-call]  # Numba's own
    arguments = {
        "begin_box": (subdivision, *(number,) * 4),
        "subdivide": (subdivision, number[::1], number[::1], whole[::1], number[:, :, ::1]),
        "classify": (subdivision, whole),
    }
    return [
        _compiled(name, entry(getattr(piecewise_kernels, name)), of)
        for name, of in arguments.items()
    ]


def called() -> dict[str, dict[str, list[Function]]]:
    """Return the functions that kernels call by their address, by family and name.

    Those of `besides` have the names of the switches that they stand for. The others are in the order in
    which `activation_addresses`, `head_addresses` and `update_addresses` have them.
    """
    activation_addresses(list(ACTIVATIONS), DTYPE)
    for name in HEADS:
        head_addresses(name, DTYPE, outputs=1)
    addressed([1] * len(SWITCHES), DTYPE)
    update_addresses(DTYPE)
    updates = {name: u for known in OPTIMIZERS.values() for name, u in known.updates.items()}
    return {
        "activations": {
            name: [
                Function.of(f"activate_{name}", each.activate),
                Function.of(f"slope_{name}", each.multiply_by_slope),
            ]
            for name, each in ACTIVATIONS.items()
        },
        "heads": {
            name: [
                Function.of(f"{part}_{name}", getattr(head, part))
                for part in ("predict", "score", "output_delta", "mean")
            ]
            for name, head in HEADS.items()
        },
        "optimizers": {
            name: [Function.of(f"update_{name}", update)] for name, update in updates.items()
        },
        "besides": {
            "penalised": [Function.of("penalise", penalise)],
            "noisy": [Function.of("add_noise", add_noise)],
            "drops": [Function.of("multiply_by_masks", multiply_by_masks)],
        },
        "evaluation": {
            "block": [Function.of("evaluate_block", block_evaluation.evaluate)],
            "single": [Function.of("evaluate_single", single_evaluation.evaluate)],
        },
    }


def _use_the_engine() -> None:
    """Let Numba compile the kernels for the types that the engine calls them with."""
    experiment = Experiment(
        dataset=Xor(train_per_class=4, test_per_class=4),
        network=Network(hidden_layers=1, layer_width=3, activation="relu"),
        training=Training(epochs=1, batch_size=4, optimizer=Adam()),
    )
    for each in (experiment, experiment.varied({"network.dropout": 0.5})):
        stepper = Stepper(draw(each, 0))
        stepper.train(1)
        train(each, replications=16, threads=1)
    stepper.scores("train")
    stepper.measured()
    stepper.outputs(np.zeros((1, 2), DTYPE))


def _training(name: str, dispatcher: Any) -> list[Function]:
    """Return both versions of a kernel that trains: with what networks have besides, and without."""
    of_kinds = {types.none in kinds: kinds for kinds in dispatcher.overloads}
    return [
        Function.of(name, dispatcher, of_kinds[False]),
        Function.of(f"{name}_plain", dispatcher, of_kinds[True]),
    ]


def _compiled(name: str, dispatcher: Any, arguments: tuple[Any, ...]) -> Function:
    dispatcher.compile(types.void(*arguments))
    return Function.of(name, dispatcher, arguments)


def _parameter_type(kind: type[Family], field: str) -> Any:
    """Return what a formula gets of a field: an array of a list, else a number."""
    is_list = get_origin(kind.model_fields[field].annotation) is tuple
    return types.float64[::1] if is_list else types.float64
