"""How weight decay differs from an L2 penalty under Adam: the table of docs/optimizers.md.

Two weights begin at 1, and their gradients are nothing but noise. Each number is the difference from the
same run without decay, the mean over many runs.
"""

from __future__ import annotations

import sys

import numpy as np

from mlplab.spec import Adam, AdamW

UPDATES, DECAY, SCALES = 1000, 0.1, (1.0, 0.01)


def main(replications: int) -> None:
    """Print the table."""
    noise = np.random.default_rng(0).normal(size=(UPDATES, replications, 1)) * SCALES
    plain = trained(Adam(), noise)
    decayed = trained(AdamW(weight_decay=DECAY), noise) - plain
    penalised = trained(Adam(), noise, penalty=DECAY) - plain
    print("| | " + " | ".join(f"gradients of size {scale:g}" for scale in SCALES) + " |")
    print("| --- | --- | --- |")
    print(f"| `adamw` with `weight_decay = {DECAY}` | {numbers(decayed)} |")
    print(f"| `adam`, {DECAY} w added to the gradient | {numbers(penalised)} |")


def trained(optimizer: Adam | AdamW, noise: np.ndarray, penalty: float = 0.0) -> np.ndarray:
    """Return weights after as many updates as there are gradients, by the formulas of `mlplab.spec`."""
    w = np.ones(noise.shape[1:])
    moments = [np.full_like(w, begin) for begin in optimizer.initial_moments]
    rates = optimizer.step_sizes(np.arange(UPDATES, dtype=np.float64)).T.tolist()
    for gradient, row in zip(noise, rates, strict=True):
        sizes = row[: optimizer.step_size_count]
        if optimizer.weight_decay:
            w -= row[-1] * w
        optimizer.update(w, gradient + penalty * w, sizes, *moments)
    return w


def numbers(differences: np.ndarray) -> str:
    """Return the mean difference of each of the two weights."""
    return " | ".join(f"{each:.3f}" for each in differences.mean(axis=0))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
