"""`mlplab train`: train an experiment from a TOML file, once or many times."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mlplab.cli.changes import Changes, read_experiment
from mlplab.cli.completing import trainers
from mlplab.cli.output import say_written
from mlplab.cli.seed import Seed
from mlplab.cli.signals import termination
from mlplab.cli.train_stored import check_options, train_into_store
from mlplab.staging import staged

if TYPE_CHECKING:
    from mlplab.run import Runs

EXAMPLE = """\
# Task 1.3 of the lab: ten hidden layers, five rings. To train it three times:
#     mlplab train --example > 1.3.toml
#     mlplab train 1.3.toml --replications 3

[dataset]
kind = "polar"          # or linear, moons, circles, spirals, xor; or file, with a path.
                        # noisy_sine, plane, franke, friedman_1 have numbers to approximate:
                        # targets, with train_samples and test_samples
classes = 5
sigma = 0.05            # standard deviation of the noise
train_per_class = 512
test_per_class = 512    # in the validation and in the test split

[network]
hidden_layers = 10      # 0: the inputs feed the softmax layer directly
layer_width = 50        # or a list with a width for each hidden layer
activation = "relu"     # or linear, sigmoid, tanh, leaky_relu, elu, softplus; or a list of these

[network.initializer]   # or, in [network]: initializer = "glorot_normal"
kind = "random_normal"
mean = 0.035
stddev = 0.1

[training]
loss = "mean_squared_error"    # or categorical_crossentropy; of targets mean_absolute_error, huber
batch_size = 32
epochs = 100

[training.optimizer]    # or, in [training]: optimizer = "adam"
kind = "sgd"
momentum = 0.3

[training.optimizer.learning_rate]    # or, in [training.optimizer]: learning_rate = 0.05
kind = "exponential_decay"
initial_learning_rate = 0.05
decay_steps = 400
decay_rate = 0.85
staircase = true
"""


def _print_example(wanted: bool) -> None:
    if wanted:
        typer.echo(EXAMPLE, nl=False)
        raise typer.Exit


def train(
    spec: Annotated[
        Path,
        typer.Argument(
            metavar="SPEC.toml", help="The experiment: its dataset, network and training."
        ),
    ],
    *,
    changes: Changes = None,
    replications: Annotated[
        int,
        typer.Option(metavar="N", help="How many runs; run i is drawn from seed S + i, i from 0."),
    ] = 1,
    seed: Seed = 0,
    trainer: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            autocompletion=trainers,
            help="engine (compiled), reference (from scratch, in NumPy), keras, or jax (for GPUs).",
        ),
    ] = "engine",
    threads: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Of the engine; all cores if not given.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where pictures and runs go; if not given, the name of the file with '-runs', here.",
            show_default=False,
        ),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep the runs in this store, and train only those that are not in it; of histories, "
            "weights and pictures there are then none.",
            show_default=False,
        ),
    ] = None,
    example: Annotated[
        bool,
        typer.Option(
            "--example",
            callback=_print_example,
            is_eager=True,
            help="Print an experiment to start from, with comments, and stop.",
        ),
    ] = False,
) -> None:
    """Train an experiment, and show how well it does.

    Every run has its own samples, initial weights and shuffles, all drawn from its seed. Ctrl-C ends
    the training, and so do SIGTERM and SIGHUP; the runs that have ended by then are kept.

    For example:
        mlplab train --example > 1.3.toml
        mlplab train 1.3.toml --replications 10
        mlplab train 1.3.toml --set network.activation=tanh
        mlplab train 1.3.toml --set training.optimizer=adam --out adam-runs
        mlplab train 1.3.toml --replications 10000 --store mlplab-runs.sqlite
    """
    from mlplab.cli.progress import training_bar
    from mlplab.cli.summary import print_summary
    from mlplab.cli.train_pictures import draw_pictures, remove_others
    from mlplab.run.saved import write_runs
    from mlplab.training import Interrupted
    from mlplab.training import train as train_runs

    experiment = read_experiment(spec, changes)
    name = spec.name.removesuffix(".toml")
    folder = Path(f"{name}-runs") if out is None else out
    if changes:
        name = f"{name} with {', '.join(changes)}"
    if store is not None:
        check_options(trainer, out)
        train_into_store(store, experiment, replications, seed, threads, name)
        return
    with termination() as told, staged(folder) as stage:
        try:
            with (
                training_bar(experiment.training.epochs, replications) as progress,
                told.interrupting(),
            ):
                runs = train_runs(
                    experiment, replications, seed, trainer, progress, threads=threads
                )
        except Interrupted as interrupt:
            ended = interrupt.runs[0]
            if ended is None or not len(ended.kept):
                typer.echo("mlplab: interrupted", err=True)
                raise typer.Exit(told.status) from None
            runs = ended
        title = f"{name}: {which_runs(runs)}, trained by {trainer}"
        shown = first_usable(runs)
        pictures = draw_pictures(runs, shown, name, title, stage)
        write_runs(runs, stage)
    remove_others(folder, pictures)
    typer.echo(title)
    print_summary(runs)
    if (runs.ending != "finished").any():
        typer.echo(f"To see why, and what would help: mlplab why {folder}")
    kept = len(runs.kept)
    of = "all of them" if kept == len(runs) else f"the first {kept}"
    say_written(
        {
            **{f"{folder / stem}.png and .svg": meaning for stem, meaning in pictures.items()},
            str(folder / "runs.csv"): "a row for each run",
            str(folder / "runs.safetensors"): f"histories of all runs, weights of {of}",
            str(folder / "experiment.toml"): "the experiment, every value written out",
        }
    )
    if len(runs) < replications:
        typer.echo(f"mlplab: interrupted after {len(runs)} of {replications} runs", err=True)
        raise typer.Exit(told.status)


def first_usable(runs: Runs) -> int:
    """Return the index of the first run that kept its weights and did not diverge.

    If all of them diverged, it is the first that kept its weights.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> ending = np.array(["diverged", "stuck", "finished"])
    >>> first_usable(SimpleNamespace(ending=ending, kept=np.array([0, 2])))
    2
    """
    return int(runs.kept[(runs.ending[runs.kept] != "diverged").argmax()])


def which_runs(runs: Runs) -> str:
    """Return how many runs there are and their seeds.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> which_runs(SimpleNamespace(seed=np.array([7, 8, 9])))
    '3 runs, seeds 7 to 9'
    """
    first, last = runs.seed[0], runs.seed[-1]
    n = len(runs.seed)
    if n == 1:
        return f"one run, seed {first}"
    # An interrupted training leaves gaps.
    return f"{n} runs, seeds {'' if n == last - first + 1 else 'from '}{first} to {last}"
