"""What helps each network of docs/why.md most: the last table there."""

from __future__ import annotations

import sys
from pathlib import Path

from mlplab import Experiment
from mlplab.explain import remedies

NAMES = (
    "one-class",
    "nan",
    "slow",
    "jumps",
    "xor",
    "equal",
    "deep",
    "dead",
    "own-data",
    "schedule",
    "straight",
)
"""In the order of the page."""


def main(replications: int) -> None:
    """Print the table."""
    print("| experiment | fail as it is | what helps most | fail with it | metric |")
    print("| --- | ---: | --- | ---: | ---: |")
    for name in NAMES:
        tried = remedies(
            Experiment.from_toml(Path(__file__).parents[1] / "why" / f"{name}.toml"), replications
        )
        failed = tried.failures.stuck + tried.failures.diverged
        best = tried.helpful[0] if tried.helpful else tried.tried[0]
        change, fails, metric, effect = tried.rows()[tried.tried.index(best)]
        said = f"`{change}` ({effect})" if tried.helpful else "nothing clearly"
        print(
            f"| `{name}` | {failed} of {replications} | {said} | {fails} | {metric} |", flush=True
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
