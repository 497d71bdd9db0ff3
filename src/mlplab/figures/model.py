"""What predicts in a picture: a run, or any other model, that goes with the samples."""

from __future__ import annotations

from mlplab.boundary import HasFeedforward
from mlplab.boundary.regions import inputs_of
from mlplab.data import Dataset
from mlplab.errors import MlplabError, shown
from mlplab.reference import MultilayerPerceptron
from mlplab.run import Run


def network_of(model: HasFeedforward | Run, dataset: Dataset, what: str) -> HasFeedforward:
    """Return what predicts, after a check that it takes the dataset's features.

    Parameters
    ----------
    model : HasFeedforward
        A `Run`, or anything else with a `feedforward`.
    dataset : Dataset
    what : str
        What is drawn, for the sentence that says that this is no model.

    Raises
    ------
    MlplabError
        If it has no `feedforward`, takes another number of features than the dataset has, or takes them
        standardised where the dataset's are not.
    """
    network = MultilayerPerceptron.from_run(model) if isinstance(model, Run) else model
    if not hasattr(network, "feedforward"):
        raise MlplabError(
            f"{what} is of one run, such as runs[0], or of another model with a feedforward, "
            f"received {shown(model)}"
        )
    if inputs_of(network) not in (None, dataset.features):
        raise MlplabError(
            f"the model takes {inputs_of(network)} features, and the dataset has {dataset.features}"
        )
    if isinstance(model, Run) and (model.input_mean is None) != (dataset.mean is None):
        kinds = ("as they were measured", "standardised")
        raise MlplabError(
            f"the run takes features {kinds[model.input_mean is not None]}, and the dataset has them "
            f"{kinds[dataset.mean is not None]}: draw it by mlplab.draw(run.experiment, run.seed).dataset"
        )
    return network
