"""What files of other libraries do not say: names, and what stands on the last layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mlplab.errors import MlplabError, shown
from mlplab.models.model import OUTPUT_HEADS, Model
from mlplab.run.history import Float, Float64


@dataclass(frozen=True)
class Answers:
    """Names of features, labels and targets, and the output activation.

    Attributes
    ----------
    feature_names, label_names, target_names : tuple of str
        As in `Model`; numbered if they are not given.
    output_activation : str, optional
        Of a last layer that is linear, as where softmax was a part of the loss.
    """

    feature_names: tuple[str, ...] = ()
    label_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    output_activation: str | None = None

    def model(
        self,
        weights: Sequence[Float],
        biases: Sequence[Float],
        activations: Sequence[str],
        input_mean: Float64 | None = None,
        input_scale: Float64 | None = None,
    ) -> Model:
        """Return a model of arrays, and of an activation for each layer, the last one too.

        Raises
        ------
        MlplabError
            If they do not fit together.
        """
        *hidden, output = activations
        for name in hidden:
            if name == "softmax":
                raise MlplabError("softmax may stand on the last layer only")
        if self.output_activation is not None and output != self.output_activation:
            if output != "linear":
                raise MlplabError(
                    f"the output is {output} already, received {shown(self.output_activation)} for it"
                )
            output = self.output_activation
        if output not in OUTPUT_HEADS:
            raise MlplabError(
                f"the last layer must be one of {', '.join(OUTPUT_HEADS)}, received {shown(output)}"
            )
        # Sums in another precision than that of the others are not known.
        dtype = max((each.dtype for each in (*weights, *biases)), key=lambda each: each.itemsize)
        return Model(
            tuple(each.astype(dtype) for each in weights),
            tuple(each.astype(dtype) for each in biases),
            tuple(hidden),
            output,
            self.feature_names,
            self.label_names,
            self.target_names,
            input_mean,
            input_scale,
        )
