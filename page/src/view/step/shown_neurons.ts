// Which neurons of an update are shown: all of a small network, of a large one those on the way of the weight.

import type { Stage } from "../../state/step.ts";
import type { NumberPlace } from "../../worker/messages.ts";
import type { Reading } from "./lines.ts";

const SMALL = 8; // neurons of a level, at most, of a network that is shown whole
const FEW = 4; // levels of it, at most, and of a part of another one
const SOME = 3; // neurons of each level of a large network

export interface Shown {
  /** Of each level, the inputs first: neurons, counted from 0. */
  readonly neurons: readonly (readonly number[])[];
  /** The first level that is drawn, and that after the last. */
  readonly levels: readonly [number, number];
  readonly isWhole: boolean;
}

export function shownNeurons(reading: Reading, stage: Stage, place: NumberPlace): Shown {
  const { observed } = reading;
  const sizes = observed.h.map((numbers) => numbers.length / reading.samples);
  const isWhole = sizes.length <= FEW && sizes.every((size) => size <= SMALL);
  if (isWhole) return { neurons: sizes.map(range), levels: [0, sizes.length], isWhole };
  const neurons = sizes.map((size, level) => {
    if (size <= SOME) return range(size);
    const numbers = level === 0 ? observed.h[0] : observed.delta[level - 1];
    const largest = bySize(reading.of(numbers));
    const onTheWay = [
      ...(level === place.layer + 1 ? [place.output] : []),
      ...(level === place.layer && place.source !== null ? [place.source] : []),
    ];
    return [...new Set([...onTheWay, ...largest])].slice(0, SOME).sort((one, other) => one - other);
  });
  const middle = middleOf(stage, place, sizes.length);
  const first = Math.max(0, Math.min(sizes.length - FEW, middle - FEW / 2));
  return { neurons, levels: [first, Math.min(sizes.length, first + FEW)], isWhole };
}

/** The level that a stage ends at. */
function middleOf(stage: Stage, place: NumberPlace, levels: number): number {
  if (stage.kind === "forward" || stage.kind === "back") return stage.layer + 1;
  return stage.kind === "weight" ? place.layer + 1 : levels;
}

function bySize(values: readonly number[]): number[] {
  return range(values.length).sort((one, other) => Math.abs(values[other]) - Math.abs(values[one]) || one - other);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
