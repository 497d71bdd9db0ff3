// The network that is shown, as JSON: its numbers, and how they came to be.

import { describeChange } from "../state/provenance.ts";
import type { ExportedNetwork } from "./network.ts";

/** The content of the file; numbers as they are, so that they come out to the last bit. */
export function weightsFile({ setUp, seed, step, changes, layers }: ExportedNetwork): string {
  const content = {
    experiment: setUp,
    seed,
    updates: step,
    changes: changes.map(describeChange),
    layers: layers.map(({ weights, biases }) => ({
      weights: rows(weights, biases.length),
      biases: Array.from(biases, inJson),
    })),
  };
  return JSON.stringify(content, null, 1);
}

/** W as rows, one for each output. */
function rows(weights: Float32Array, outputs: number): (number | string)[][] {
  const inputs = weights.length / outputs;
  return Array.from({ length: outputs }, (_, i) =>
    Array.from(weights.subarray(i * inputs, (i + 1) * inputs), inJson),
  );
}

/** JSON has neither NaN nor the infinities: they are written as texts. */
function inJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
