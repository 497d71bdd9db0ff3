// The network that is shown, as JSON: its numbers, and how they came to be.

import { rowsOfWeights } from "../engine/layout.ts";
import { describeChange } from "../state/provenance.ts";
import type { ExportedNetwork } from "./network.ts";

/** The content of the file; numbers as they are, so that they come out to the last bit. */
export function weightsFile({ setUp, seed, step, changes, layers }: ExportedNetwork): string {
  const content = {
    experiment: setUp,
    seed,
    updates: step,
    changes: changes.map(describeChange),
    layers: layers.map((layer) => ({
      weights: rowsOfWeights(layer).map((row) => Array.from(row, inJson)),
      biases: Array.from(layer.biases, inJson),
    })),
  };
  return JSON.stringify(content, null, 1);
}

/** JSON has neither NaN nor the infinities: they are written as texts. */
function inJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
