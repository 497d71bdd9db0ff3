// A trained network as a NumPy program of its own: nothing but NumPy is needed to run it.

import { activations, type Experiment } from "../engine/experiment.ts";
import texts from "./program_texts.json";
import { type TrainedNetwork, originOf, type Provenance } from "./provenance.ts";
import { arraysText, filled, pointsText } from "./python.ts";

const FUNCTIONS: Readonly<Record<string, string>> = texts.activations;

/** Write the program; it prints the answers for a few points of shape (points, 2), which stand row by row. */
export function numpyProgram(
  experiment: Experiment,
  network: TrainedNetwork,
  provenance: Provenance,
  points: ArrayLike<number>,
): string {
  const names = activations(experiment.network);
  const kinds = names.length ? [...new Set(names)] : ["linear"];
  const isOne = kinds.length === 1;
  const last = network.layers[network.layers.length - 1];
  return filled(texts.numpy, {
    title: titleOf(network, names),
    origin: originOf(network, provenance),
    arrays: arraysText(network.layers),
    activations: isOne ? functionText("activation", kinds[0]) : functionsText(kinds, names),
    hidden_layers: isOne
      ? "for w, b in zip(W[:-1], B[:-1]):"
      : "for w, b, activation in zip(W[:-1], B[:-1], ACTIVATIONS):",
    classes: last.biases.length,
    dtype: "float32",
    points: pointsText(points),
  });
}

/** The first line of a program; `names` are the hidden layers' activations. */
export function titleOf({ layers }: TrainedNetwork, names: readonly string[]): string {
  const sizes = layers.map(({ biases }) => biases.length);
  const hidden = sizes.slice(0, -1);
  const parts = ["2 inputs"];
  if (hidden.length === 1) parts.push(`a hidden layer of ${hidden[0]} (${names[0]})`);
  else if (new Set(names).size === 1) parts.push(`hidden layers of ${hidden.join(", ")} (${names[0]})`);
  else if (hidden.length) {
    parts.push(`hidden layers of ${hidden.map((width, i) => `${width} (${names[i]})`).join(", ")}`);
  }
  return `A multilayer perceptron: ${parts.join(", ")}, ${sizes[sizes.length - 1]} classes.`;
}

function functionsText(kinds: readonly string[], names: readonly string[]): string {
  const list = `ACTIVATIONS = [${names.join(", ")}]  # of each hidden layer\n`;
  return [...kinds.map((kind) => functionText(kind, kind)), "", list].join("\n");
}

function functionText(name: string, kind: string): string {
  return FUNCTIONS[kind].replaceAll("{name}", name);
}
