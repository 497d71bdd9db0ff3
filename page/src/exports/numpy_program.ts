// A trained network as a NumPy program of its own: nothing but NumPy is needed to run it, and SciPy for gelu.

import { activations } from "../engine/experiment.ts";
import { spec } from "../spec/schema.ts";
import { type ExportedNetwork, originOf, titleOf } from "./network.ts";
import { arraysText, pointsText } from "./python.ts";

const SOFTMAX = `
def output_activation(z):
    """Softmax: probabilities of the classes."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
`;

/** Write the program; it prints the answers for a few test points. */
export function numpyProgram(network: ExportedNetwork): string {
  const names = activations(network.experiment.network);
  const kinds = names.length ? [...new Set(names)] : ["linear"];
  const isOneKind = kinds.length === 1;
  const isOne = network.layers[network.layers.length - 1].biases.length === 1;
  const last = "output_activation(h @ W[-1].T + B[-1])";
  return `"""${titleOf(network, names)}

${originOf(network)}
Run it to see what it answers for a few points, or use \`feedforward\` from elsewhere.
"""

import numpy as np

# W of each layer, (outputs, inputs), and b of each, (outputs,).
${arraysText(network.layers)}

${isOneKind ? functionText("activation", kinds[0]) : functionsText(kinds, names)}
${isOne ? functionText("output_activation", "sigmoid") : SOFTMAX}

def feedforward(x):
    """Return the probabilities, shape (points, ${network.labels.length}), of points of shape (points, 2)."""
    h = np.asarray(x, dtype=np.float32)
    ${isOneKind ? "for w, b in zip(W[:-1], B[:-1]):" : "for w, b, activation in zip(W[:-1], B[:-1], ACTIVATIONS):"}
        h = activation(h @ w.T + b)
${isOne ? `    p = ${last}  # of the second class\n    return np.hstack([1 - p, p])` : `    return ${last}`}


if __name__ == "__main__":
    points = np.array(${pointsText(network.samples)})
    print(feedforward(points))
`;
}

function functionsText(kinds: readonly string[], names: readonly string[]): string {
  const list = `ACTIVATIONS = [${names.join(", ")}]  # of each hidden layer\n`;
  return [...kinds.map((kind) => functionText(kind, kind)), "", list].join("\n");
}

/** An activation as Python has it, as a function of some name. */
function functionText(name: string, kind: string): string {
  return spec.numpy_activations[kind].replaceAll("{name}", name);
}
