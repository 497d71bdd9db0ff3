// The network that is shown, with how it came about: what all files are written of.

import { type Experiment, type SplitName, PENALTIES, SCORES } from "../engine/experiment.ts";
import type { Metric } from "../spec/losses.ts";
import type { Layer } from "../engine/layout.ts";
import { type Change, changesShown, describeChange, setUp } from "../state/provenance.ts";
import { classNames } from "../state/point_set.ts";
import { type State, resultNow } from "../state/state.ts";
import { float32Text, grouped } from "../text/numbers.ts";
import type { PlanePoints } from "../worker/messages.ts";
import type { Sample } from "../data/splits.ts";

export interface ExportedNetwork {
  /** The set-up, as the training began. */
  readonly setUp: Experiment;
  /** The experiment at the end, with what was changed in flight. */
  readonly experiment: Experiment;
  readonly seed: string;
  readonly changes: readonly Change[];
  /** Updates made, and whole epochs done. */
  readonly step: number;
  readonly epoch: number;
  readonly updatesPerEpoch: number;
  readonly layers: readonly Layer[];
  /** Training loss and metric, validation loss and metric of each epoch done. */
  readonly history: Float64Array;
  /** Where there is a regularizer, the penalties of each epoch done: that of the training, and that after it. */
  readonly penalties: Float64Array;
  /** By what the network is judged. */
  readonly metric: Metric;
  /** What the network learns from and is tested with, as it reads it; where it has a target, that is the label. */
  readonly samples: readonly Sample[];
  /** Names of the classes, in the order of the outputs; none where samples have a target. */
  readonly labels: readonly string[];
}

/** The network that is shown; null while there is none yet of this training. */
export function exportedNetwork(state: State): ExportedNetwork | null {
  const { points, experiment, seed } = state;
  const result = resultNow(state);
  if (result === null || points === null) return null;
  const epoch = Math.floor(result.shownEpoch);
  const labels = classNames(state);
  return {
    setUp: setUp(state),
    experiment,
    seed,
    changes: changesShown(state),
    step: result.shownStep,
    epoch,
    updatesPerEpoch: result.updatesPerEpoch,
    layers: result.layers,
    history: result.history.slice(0, epoch * SCORES),
    penalties: result.penalties.slice(0, epoch * PENALTIES),
    metric: result.metric,
    samples: state.ownPoints.set?.points ?? samplesOf(points, labels),
    labels,
  };
}

/** Drawn points with the shortest numbers that float32 reads as what the network has. */
function samplesOf({ splits }: PlanePoints, labels: readonly string[]): Sample[] {
  const number = (value: number) => Number(float32Text(value));
  return (Object.keys(splits) as SplitName[]).flatMap((split) => {
    const { x, y } = splits[split];
    return Array.from(y, (answer, i) => ({
      x1: number(x[2 * i]),
      x2: number(x[2 * i + 1]),
      label: labels.length > 0 ? labels[answer] : float32Text(answer),
      split,
    }));
  });
}

/** The first line of a program; `names` are the hidden layers' activations. */
export function titleOf({ layers, labels }: ExportedNetwork, names: readonly string[]): string {
  const sizes = layers.map(({ biases }) => biases.length);
  const hidden = names.map((name, i) => `${sizes[i]} (${name})`);
  const called = hidden.length === 1 ? "a hidden layer of " : "hidden layers of ";
  const between = hidden.length === 0 ? "" : `${called}${hidden.join(", ")}, `;
  if (labels.length === 0) return `A multilayer perceptron: 2 inputs, ${between}1 output for a target.`;
  const outputs = sizes[sizes.length - 1] === 1 ? "1 output for " : "";
  return `A multilayer perceptron: 2 inputs, ${between}${outputs}${labels.length} classes.`;
}

/** The lines of a program's docstring that say how its weights came about. */
export function originOf({ step, epoch, seed, changes }: ExportedNetwork): string {
  const done = `${grouped(step)} updates, ${grouped(epoch)} whole epochs.`;
  if (changes.length === 0) return `Trained in the mlplab playground from seed ${seed}: ${done}`;
  return [
    `Made in the mlplab playground, begun with seed ${seed}: ${done}`,
    "It cannot be made again from the seed alone: it was changed on the way. Its weights are below.",
    ...changes.map((change) => `- ${describeChange(change)}`),
    "",
  ].join("\n");
}
