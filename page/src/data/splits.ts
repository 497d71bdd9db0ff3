// The three splits, and which of them a point goes to that is clicked into the plane.

import type { Sample } from "../exports/points_file.ts";

export type SplitName = Sample["split"];

export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** Of a class's points: 60 : 20 : 20, and each split has one of the first three. */
const TURN: readonly SplitName[] = ["train", "validation", "test", "train", "train"];

/** The split of a class's next point: the first one that the class lacks, else the next in turn. */
export function nextSplit(points: readonly Sample[], label: string): SplitName {
  const those = points.filter((point) => point.label === label);
  const lacking = SPLITS.find((name) => those.every(({ split }) => split !== name));
  return lacking ?? TURN[those.length % TURN.length];
}

/** What is missing before a network can learn from the points; empty if nothing is. */
export function whatIsMissing(points: readonly Sample[]): string {
  const labels = [...new Set(points.map(({ label }) => label))].sort();
  if (labels.length < 2)
    return "points of at least two classes are needed: choose a class and click into the plane";
  const lacking = labels.find((label) =>
    SPLITS.some((name) => points.every((point) => point.label !== label || point.split !== name)),
  );
  if (lacking === undefined) return "";
  return (
    `class ${lacking} needs a point in each of training, validation and test; ` +
    "the first three that you click go there"
  );
}
