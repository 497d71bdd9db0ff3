// The linear regions of the network that is shown, as often as there is time for them.

import type { Engine } from "../engine/engine.ts";
import { activations } from "../engine/experiment.ts";
import type { Layer } from "../engine/layout.ts";
import { curvedOf, linearRegions } from "../engine/linear_regions.ts";
import type { Stepper } from "../engine/stepper.ts";
import type { Extent, ShownRegions } from "./messages.ts";

const MOST = 131_072; // regions; with layers of 50 they take 130 MB
const ROOM = 1.3; // for so many times the regions that there were last
const CHEAP = 30; // milliseconds that they may take in every result while the network trains
const OLD = 250; // milliseconds after which they are counted again where they cost more,
const COSTLY = 8; // or so many times what they cost

/**
 * A function that finds the linear regions of the network as it is after some updates.
 *
 * Where they cost much and it trains, they are counted now and then, and drawn when it stands: edges of another
 * network than that of the picture would be wrong.
 */
export function makeRegionsFinder(engine: Engine, stepper: Stepper, extent: Extent) {
  let found: ShownRegions | null = null;
  let of: readonly Layer[] | null = null;
  let foundAt = -Infinity;
  let cost = 0;
  let isSlow = false;

  function find(step: number, layers: readonly Layer[]): ShownRegions {
    const names = activations(stepper.experiment.network);
    const curved = curvedOf(engine, names);
    if (curved.length > 0) return { kind: "none", sentence: whyCurved(engine, curved[0]) };
    const { classes, layout } = stepper;
    const network = { sizes: layout.sizes, layers, activations: names, classes };
    const expected = found?.kind === "found" ? Math.ceil(found.count * ROOM) : undefined;
    const regions = linearRegions(engine, network, extent, MOST, expected);
    if (regions === "too many") {
      const sentence = `There are more than ${MOST.toLocaleString("en")} linear regions: too many to find here.`;
      return { kind: "none", sentence };
    }
    if (regions === "not finite")
      return { kind: "none", sentence: "There are no linear regions: weights are too large, or no numbers." };
    const { count, edges, boundary, length } = regions;
    const drawn = { edges: Float32Array.from(edges), boundary: Float32Array.from(boundary) };
    return { kind: "found", step, count, length, drawn };
  }

  return (step: number, layers: readonly Layer[], playing: boolean, now: () => number): ShownRegions => {
    const isOld = now() - foundAt > Math.max(OLD, COSTLY * cost);
    const isOfThese = of !== null && areEqual(of, layers);
    if (found === null || (!isOfThese && (!playing || !isSlow || isOld))) {
      const began = now();
      found = find(step, layers);
      foundAt = now();
      cost = foundAt - began;
      // Not at once fast again: regions that are drawn and not drawn in turn would flicker.
      isSlow = cost > (isSlow ? CHEAP / 2 : CHEAP);
      of = layers;
    }
    return playing && isSlow && found.kind === "found" ? { ...found, drawn: null } : found;
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
