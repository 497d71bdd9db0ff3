"""The build: `python -m mlplab.wasm.building FOLDER MODULE…`, in the environment that `build` makes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from numba import types

from mlplab.boundary import subdivision
from mlplab.boundary.piecewise import pieces_of
from mlplab.drawing import BIASES, GOES_ON
from mlplab.engine.activations import ACTIVATIONS
from mlplab.engine.block_passes import CHUNK, STRIDE
from mlplab.engine.heads import HEADS, OF_EACH_OUTPUT
from mlplab.engine.lanes import LANES
from mlplab.engine.options import SETTINGS, SWITCHES, WATCHED
from mlplab.engine.single_passes import VECTORS
from mlplab.engine.updates import OPTIMIZERS, SEGMENT
from mlplab.spec import InitializerSpec, OptimizerSpec, TargetRecipe
from mlplab.spec.activations import ACTIVATIONS as FORMULAS
from mlplab.spec.activations import Activation
from mlplab.spec.datasets import planar_recipes
from mlplab.spec.optimizers.base import CLIPPING
from mlplab.spec.schedules import Schedule
from mlplab.spec.stopping import MONITORS
from mlplab.streams import STREAMS
from mlplab.wasm.build import sources_digest
from mlplab.wasm.kernels import Function, called, exported
from mlplab.wasm.linking import compile_again, link, linker_version


def main(folder: Path, modules: Sequence[str]) -> None:
    """Write modules, and what is in them."""
    functions, families = exported(), called()
    addressed = list(
        chain.from_iterable(chain.from_iterable(f.values() for f in families.values()))
    )
    folder.mkdir(parents=True, exist_ok=True)
    for how in modules:
        # The exact one is slow whatever is tested on the way, and larger.
        own = [f for f in functions if how == "fused" or not f.name.endswith("_plain")]
        (folder / f"{how}.wasm").write_bytes(link(compile_again(own, addressed, how), own))
    places = {id(function): place for place, function in enumerate(addressed)}
    table = {
        "sources": sources_digest(),
        "linker": linker_version(),
        "lanes": LANES,
        "chunk": CHUNK,
        "stride": STRIDE,
        "segment": SEGMENT,
        "vectors": VECTORS,
        "streams": STREAMS,
        "switches": SWITCHES,
        "settings": SETTINGS,
        "watched": WATCHED,
        "monitors": MONITORS,
        "functions": {function.name: _signature(function) for function in functions},
        "addresses": {
            family: {name: [places[id(f)] for f in parts] for name, parts in members.items()}
            for family, members in families.items()
        },
        "answers": {name: head.answers for name, head in HEADS.items()},
        "of_each_output": OF_EACH_OUTPUT,
        "keep_z": [name for name, each in ACTIVATIONS.items() if each.keeps_z],
        "pieces": {
            name: _pieces(each) for name, each in FORMULAS.items() if each.kinks is not None
        },
        "subdivision": {
            "fields": subdivision.Subdivision._fields,
            "chunk": subdivision.CHUNK,
            "states": subdivision.STATES,
            "endings": subdivision.ENDINGS,
        },
        "datasets": {
            name: {
                "parameters": kind.parameter_names(),
                "features": kind.features,
                "targets": int(issubclass(kind, TargetRecipe)),
                "uniforms": kind.uniforms,
            }
            for name, kind in planar_recipes().items()
        },
        "biases": BIASES,
        "goes_on": GOES_ON,
        "initializers": {n: kind.parameter_names() for n, kind in InitializerSpec.kinds.items()},
        "optimizers": {
            name: {
                "parameters": kind.parameter_names(),
                "step_sizes": kind.step_size_count,
                "updates": list(OPTIMIZERS[name].updates),
            }
            for name, kind in OptimizerSpec.kinds.items()
        },
        "clipping": CLIPPING,
        "schedules": {n: kind.parameter_names() for n, kind in Schedule.kinds.items()},
    }
    text = json.dumps(table, indent=1)
    (folder / "engine.json").write_text(f"{text}\n", encoding="utf-8")


def _pieces(activation: Activation) -> dict[str, list[float]]:
    """Return an activation's kinks, and its slopes and intercepts before, between and after them."""
    kinks, slopes, intercepts = pieces_of(activation).tolist()
    return {"kinks": kinks[:-1], "slopes": slopes, "intercepts": intercepts}


def _signature(function: Function) -> list[Any]:
    """Return name and type of each argument."""
    return [[name, _type(kind)] for name, kind in function.arguments]


def _type(kind: Any) -> Any:
    """Return a number's type as its name, an array's or a tuple's as a table."""
    if isinstance(kind, types.Array):
        return {"array": str(kind.dtype), "dimensions": kind.ndim}
    if isinstance(kind, types.Tuple | types.UniTuple | types.NamedTuple):
        return {"tuple": [_type(each) for each in kind.types]}
    return str(kind)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
