// A trained network as a Keras program: the same model, its weights, and how it was trained.

import {
  activations,
  type Experiment,
  type Initializer,
  type Optimizer,
  type Part,
} from "../engine/experiment.ts";
import { titleOf } from "./numpy_program.ts";
import texts from "./program_texts.json";
import { isFromSeedAlone, type TrainedNetwork, originOf, type Provenance } from "./provenance.ts";
import { arraysText, filled, pointsText, pythonValue } from "./python.ts";

/** What Keras calls a kind, its fields in order, and those of them that are no whole numbers. */
interface Described {
  readonly name: string;
  readonly fields: readonly string[];
  readonly floats: readonly string[];
}

const INITIALIZERS: Readonly<Record<string, Described>> = texts.initializers;
const OPTIMIZERS: Readonly<Record<string, Described>> = texts.optimizers;
const SCHEDULES: Readonly<Record<string, Described>> = texts.schedules;

/**
 * Write the program; points as those of `numpyProgram`.
 *
 * `labels` are the classes' names, in the order of the outputs, if a file `points.csv` of the samples comes
 * with the program (`pointsFile`), which then reads it; else empty.
 */
export function kerasProgram(
  experiment: Experiment,
  network: TrainedNetwork,
  provenance: Provenance,
  points: ArrayLike<number>,
  labels: readonly string[],
): string {
  const { training } = experiment;
  const { initializer } = experiment.network;
  const pieces = texts.keras_pieces;
  const names = activations(experiment.network);
  const own = initializerText(initializer);
  const ofLayer = initializer.shared ? "initializer" : own;
  const hasSamples = labels.length > 0;
  return filled(texts.keras, {
    title: titleOf(network, names),
    origin: originOf(network, provenance),
    modules: hasSamples ? pieces.modules : "",
    shared: initializer.shared ? filled(pieces.shared, { initializer: own }) : "",
    arrays: arraysText(network.layers),
    layers: network.layers
      .map(({ biases }, i) => layerText(biases.length, names[i] ?? "softmax", ofLayer))
      .join("\n"),
    optimizer: optimizerText(training.optimizer),
    loss: training.loss,
    samples: hasSamples ? filled(pieces.samples, { labels: pythonValue(labels, false) }) : "",
    training: hasSamples ? pieces.training : "",
    batch_size: training.batch_size,
    epochs: training.epochs,
    changed: isFromSeedAlone(provenance) ? "" : pieces.changed,
    points: pointsText(points),
    evaluation: hasSamples ? pieces.evaluation : "",
  });
}

function layerText(units: number, activation: string, initializer: string): string {
  return `        keras.layers.Dense(${units}, activation="${activation}", kernel_initializer=${initializer}),`;
}

function initializerText(initializer: Initializer): string {
  const described = INITIALIZERS[initializer.kind];
  return `keras.initializers.${described.name}(${argumentsText(initializer, described, "shared")})`;
}

function optimizerText(optimizer: Optimizer): string {
  const described = OPTIMIZERS[optimizer.kind];
  const rest = argumentsText(optimizer, described, "learning_rate");
  return `keras.optimizers.${described.name}(learning_rate=${rateText(optimizer.learning_rate)}, ${rest})`;
}

function rateText(rate: number | Part): string {
  if (typeof rate === "number") return pythonValue(rate, true);
  const described = SCHEDULES[rate.kind];
  return `keras.optimizers.schedules.${described.name}(${argumentsText(rate, described)})`;
}

function argumentsText(part: Part, { fields, floats }: Described, but?: string): string {
  return fields
    .filter((name) => name !== but)
    .map((name) => `${name}=${pythonValue(part[name], floats.includes(name))}`)
    .join(", ");
}
