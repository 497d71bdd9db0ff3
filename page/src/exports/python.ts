// Points and weights as Python writes them.

import { rowsOfWeights, type Layer } from "../engine/layout.ts";
import { float32Text, floatText } from "../text/numbers.ts";
import type { Sample } from "../data/splits.ts";

/** Write a few test points as nested lists, to show what a network answers for them. */
export function pointsText(samples: readonly Sample[]): string {
  const few = samples.filter(({ split }) => split === "test").slice(0, 3);
  return `[${few.map(({ x1, x2 }) => `[${floatText(x1)}, ${floatText(x2)}]`).join(", ")}]`;
}

/** Write W and b of all layers, every number so that it is read back exactly. */
export function arraysText(layers: readonly Layer[]): string {
  const array = (text: string) => `    np.array(${text}, dtype=np.float32),`;
  const weights = layers.map((layer) => array(`[${rowsOfWeights(layer).map(listText).join(", ")}]`));
  return ["W = [", ...weights, "]", "B = [", ...layers.map(({ biases }) => array(listText(biases))), "]"].join("\n");
}

function listText(numbers: Float32Array): string {
  return `[${Array.from(numbers, weightText).join(", ")}]`;
}

function weightText(value: number): string {
  const text = float32Text(value);
  if (Number.isFinite(value)) return text;
  return text === "-inf" ? "-np.inf" : `np.${text}`;
}
