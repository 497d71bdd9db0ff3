// Which links of the network are drawn: the strongest ones, and a word on what is left out.

import type { Layer } from "../engine/layout.ts";
import type { NumberPlace } from "../worker/messages.ts";
import { count } from "./numbers.ts";

const MOST_LINKS = 800;

export interface Link extends NumberPlace {
  readonly source: number;
  readonly weight: number;
}

export interface ChosenLinks {
  readonly links: readonly Link[];
  /** The largest size of a weight, of all. */
  readonly largest: number;
  /** What there is to say where not all links are drawn. */
  readonly said: string;
}

/** The strongest links; all, where there are few. Weights that are no numbers have none. */
export function chooseLinks(layers: readonly Layer[]): ChosenLinks {
  const all = layers.reduce((sum, { weights }) => sum + weights.length, 0);
  const sizes = new Float32Array(all);
  let known = 0;
  let largest = 1e-9;
  for (const { weights } of layers)
    for (const weight of weights) {
      const size = Math.abs(weight);
      if (!Number.isFinite(size)) continue;
      sizes[known++] = size;
      if (size > largest) largest = size;
    }
  const least = known > MOST_LINKS ? sizes.subarray(0, known).sort()[known - MOST_LINKS] : 0;
  const links: Link[] = [];
  layers.forEach(({ weights, biases }, layer) => {
    const inputs = weights.length / biases.length;
    weights.forEach((weight, i) => {
      if (Math.abs(weight) >= least && Number.isFinite(weight) && links.length < MOST_LINKS)
        links.push({ layer, output: Math.floor(i / inputs), source: i % inputs, weight });
    });
  });
  return { links, largest, said: whichLinks(links.length, all, all - known) };
}

function whichLinks(drawn: number, all: number, unknown: number): string {
  if (unknown === all) return "no weight is a number";
  if (unknown > 0) return `${count(unknown)} of ${count(all)} weights are no numbers`;
  return drawn < all ? `the ${count(drawn)} strongest of ${count(all)} links` : "";
}
