"""What an experiment cannot have although its name is well known, and why: one sentence for each."""

from __future__ import annotations

from collections.abc import Iterable

from mlplab.errors import suggestion

_BATCH_NORMALISATION = (
    "batch normalisation would make a network's outputs depend on the other samples of a batch, and on "
    "means that no weight or bias holds; networks this small train without it"
)

REFUSED: dict[str, str] = {
    **dict.fromkeys(
        ("batch_normalization", "batch_normalisation", "batch_norm"), _BATCH_NORMALISATION
    ),
    "prelu": (
        "its slope is learned, and weights and biases are all that a network here learns; leaky_relu is "
        "the same with a fixed slope"
    ),
}
"""The reasons by name: of fields and of kinds and activations alike."""


def hint(word: str, known: Iterable[str]) -> str:
    """Return what to say after an unknown word: why it is refused, or which known word may be meant.

    >>> hint("PReLU", ["relu"]).startswith("its slope is learned")
    True
    >>> hint("rleu", ["relu"])
    "did you mean 'relu'? (known: relu)"
    """
    return REFUSED.get(word.lower()) or suggestion(word, known)
