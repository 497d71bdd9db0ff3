// The network that is shown, as JSON: its numbers, and how they came to be.

import { changes, describeChange, setUp } from "../state/provenance.ts";
import type { State } from "../state/state.ts";
import { download } from "./download.ts";

/** The content of the file; numbers as they are, so that they come out to the last bit. */
export function weightsFile(state: State): string {
  const { result, seed } = state;
  if (result === null) throw new Error("there is no network yet");
  return JSON.stringify(
    {
      experiment: setUp(state),
      seed,
      updates: result.shownStep,
      changes: changes(state)
        .filter(({ step }) => step <= result.shownStep)
        .map(describeChange),
      layers: result.layers.map(({ weights, biases }) => ({
        weights: rows(weights, biases.length),
        biases: [...biases],
      })),
    },
    null,
    1,
  );
}

export function downloadWeights(state: State): void {
  download("weights.json", weightsFile(state), "application/json");
}

/** W as rows, one for each output. */
function rows(weights: Float32Array, outputs: number): number[][] {
  const inputs = weights.length / outputs;
  return Array.from({ length: outputs }, (_, i) => [...weights.subarray(i * inputs, (i + 1) * inputs)]);
}
