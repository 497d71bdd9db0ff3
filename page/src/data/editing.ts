// Own points as they are edited: every act gives new points, and can be undone.

import type { FiniteSamples } from "../engine/finite.ts";
import type { Sample } from "../exports/points_file.ts";
import { DataError } from "./data_error.ts";
import { classesOf } from "./labels.ts";
import { checkPrecision } from "./precision.ts";
import { checkCoordinate, checkNumber, MOST_CLASSES } from "./reading.ts";
import { nextSplit, SPLITS } from "./splits.ts";

/** What messages call points that are of no file. */
const SOURCE = "the points";

/** Points, with those from before each act and those from before each undoing; the latest ones last. */
export interface EditedPoints {
  readonly points: readonly Sample[];
  readonly past: readonly (readonly Sample[])[];
  readonly future: readonly (readonly Sample[])[];
}

export const NO_POINTS: EditedPoints = { points: [], past: [], future: [] };

/** One point more; its split is chosen by what its class has. */
export function withPoint(edited: EditedPoints, x1: number, x2: number, label: string): EditedPoints {
  const { points } = edited;
  checkCoordinate(x1);
  checkCoordinate(x2);
  checkNumber(points.length + 1);
  checkClasses([...points.map((point) => point.label), label]);
  return acted(edited, [...points, { x1, x2, label, split: nextSplit(points, label) }]);
}

/** A point elsewhere; it keeps its class and split. */
export function withMoved(edited: EditedPoints, index: number, x1: number, x2: number): EditedPoints {
  checkCoordinate(x1);
  checkCoordinate(x2);
  return acted(edited, edited.points.with(index, { ...pointAt(edited, index), x1, x2 }));
}

/** A point in another class; it keeps its place and split. */
export function withLabel(edited: EditedPoints, index: number, label: string): EditedPoints {
  const points = edited.points.with(index, { ...pointAt(edited, index), label });
  checkClasses(points.map((point) => point.label));
  return acted(edited, points);
}

/** All points but one. */
export function without(edited: EditedPoints, index: number): EditedPoints {
  pointAt(edited, index);
  return acted(edited, edited.points.toSpliced(index, 1));
}

/** No points. */
export function cleared(edited: EditedPoints): EditedPoints {
  return edited.points.length === 0 ? edited : acted(edited, []);
}

/** Other points in their place, such as those of a file. */
export function replaced(edited: EditedPoints, points: readonly Sample[]): EditedPoints {
  checkNumber(points.length);
  checkClasses(points.map((point) => point.label));
  for (const { x1, x2 } of points) [x1, x2].forEach((value) => checkCoordinate(value));
  return acted(edited, points);
}

/** The points from before the last act; the same ones where there was none. */
export function undone(edited: EditedPoints): EditedPoints {
  const { points, past, future } = edited;
  const before = past.at(-1);
  if (before === undefined) return edited;
  return { points: before, past: past.slice(0, -1), future: [...future, points] };
}

/** The points from before the last undoing; the same ones where there was none since the last act. */
export function redone(edited: EditedPoints): EditedPoints {
  const { points, past, future } = edited;
  const after = future.at(-1);
  if (after === undefined) return edited;
  return { points: after, past: [...past, points], future: future.slice(0, -1) };
}

/**
 * The points as networks learn from them, and what the classes are called, in their order.
 *
 * Points that float32 cannot tell apart are refused, unless they are standardised.
 */
export function learnable(
  points: readonly Sample[],
  standardise = false,
): FiniteSamples & { readonly labelNames: readonly string[] } {
  const { y, names } = classesOf(points.map(({ label }) => label), (row) => `${SOURCE}, row ${row}`);
  const x = Float64Array.from(points.flatMap(({ x1, x2 }) => [x1, x2]));
  if (!standardise) checkPrecision(x, ["x1", "x2"], (row) => `row ${row}`, SOURCE);
  return {
    x,
    features: 2,
    y,
    classes: names.length,
    split: points.map(({ split }) => SPLITS.indexOf(split)),
    labelNames: names,
  };
}

function acted({ points: before, past }: EditedPoints, points: readonly Sample[]): EditedPoints {
  return { points, past: [...past, before], future: [] };
}

function pointAt({ points }: EditedPoints, index: number): Sample {
  const point = points[index];
  if (point !== undefined) return point;
  throw new RangeError(`expected the index of one of ${points.length} points, received ${index}`);
}

function checkClasses(labels: readonly string[]): void {
  const { size } = new Set(labels);
  if (size > MOST_CLASSES)
    throw new DataError(`the playground takes at most ${MOST_CLASSES} classes, received ${size}`);
}
