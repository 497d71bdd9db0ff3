// The path of a training through weight space: snapshots of its time line, up to now.

import { flattened } from "../engine/evaluation.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { PathPoint } from "../landscape/plane.ts";
import { landscape as table } from "../spec/spec.json";
import type { Timeline } from "./timeline.ts";

/** Weights at points that are evenly chosen, and at the end; those that are no numbers are left out. */
export function pathOf(timeline: Timeline, now: Snapshot): PathPoint[] {
  const before = timeline.snapshots.filter(({ step }) => step < now.step);
  const count = Math.min(table.points - 1, before.length);
  const chosen = Array.from({ length: count }, (_, i) => before[Math.round((i * before.length) / count)]);
  return [...chosen, now]
    .map(({ step, layers }) => ({ step, weights: flattened(layers) }))
    .filter(({ weights }) => weights.every(Number.isFinite));
}
