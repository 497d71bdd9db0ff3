// The linear regions of the network that is shown, as often as there is time for them.

import type { Engine } from "../engine/engine.ts";
import { activations } from "../engine/experiment.ts";
import type { Layer } from "../engine/layout.ts";
import { curvedOf, linearRegions } from "../engine/linear_regions.ts";
import type { Stepper } from "../engine/stepper.ts";
import type { Extent, ShownRegions } from "./messages.ts";

export const MOST = 65_536; // regions; the memory for more would be too much for a phone
export const DRAWN = 10_000; // regions whose edges are drawn: more of them are a fog, and take long
const CHEAP = 4; // milliseconds that they may take in every result
const OLD = 250; // milliseconds after which they are too old while the network trains,
const COSTLY = 8; // or so many times what they cost

/** A function that finds the linear regions of the network as it is, or of earlier layers of it. */
export function makeRegionsFinder(engine: Engine, stepper: Stepper, extent: Extent) {
  let found: ShownRegions | null = null;
  let of: readonly Layer[] | null = null;
  let foundAt = -Infinity;
  let cost = 0;

  function find(layers: readonly Layer[]): ShownRegions {
    const names = activations(stepper.experiment.network);
    const curved = curvedOf(engine, names);
    if (curved.length > 0) return { kind: "none", sentence: whyCurved(engine, curved[0]) };
    const { classes, layout } = stepper;
    const network = { sizes: layout.sizes, layers, activations: names, classes };
    const regions = linearRegions(engine, network, extent, MOST);
    if (regions === "too many") {
      const sentence = `There are more than ${MOST.toLocaleString("en")} linear regions: too many to find here.`;
      return { kind: "none", sentence };
    }
    if (regions === "not finite")
      return { kind: "none", sentence: "There are no linear regions: weights are too large, or no numbers." };
    const { count, edges, boundary, length } = regions;
    const drawn = count <= DRAWN ? Float32Array.from(edges) : null;
    return { kind: "found", count, edges: drawn, boundary: Float32Array.from(boundary), length };
  }

  return (layers: readonly Layer[], playing: boolean, now: () => number): ShownRegions => {
    const isOld = now() - foundAt > Math.max(OLD, COSTLY * cost);
    if (found !== null && playing && cost >= CHEAP && !isOld) return found;
    if (found !== null && of !== null && areEqual(of, layers)) return found;
    const began = now();
    found = find(layers);
    foundAt = now();
    cost = foundAt - began;
    of = layers;
    return found;
  };
}

function whyCurved(engine: Engine, name: string): string {
  const known = Object.keys(engine.contents.pieces).join(", ");
  return `Only a network that is piecewise linear has linear regions, by the activations ${known}: with ${name} it has none.`;
}

function areEqual(some: readonly Layer[], others: readonly Layer[]): boolean {
  return some.every(({ weights, biases }, i) => isSame(weights, others[i].weights) && isSame(biases, others[i].biases));
}

function isSame(one: Float32Array, other: Float32Array): boolean {
  return one.every((value, i) => value === other[i]);
}
