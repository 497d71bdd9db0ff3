// What a lesson locks: paths of the set-up, and what is no part of an experiment by a name of its own.

import type { Experiment } from "../engine/experiment.ts";
import { canonical } from "../state/canonical.ts";
import { words } from "../text/sentence.ts";
import type { Lesson } from "./lesson.ts";

/** Besides paths of an experiment. */
export const SEED = "seed";
export const STOP_RULE = "stop_rule";
export const OWN_POINTS = "own_points";

type Locks = Pick<Lesson, "hidden" | "changeable">;

/** Whether a lesson lets nobody change a path: it is not named among the changeable ones, or is hidden. */
export function isLocked({ hidden, changeable }: Locks, path: string): boolean {
  if (hidden.some((each) => each === path || isWithin(path, each.replace("setup.", "")))) return true;
  if (path === STOP_RULE && hidden.includes("setup.training")) return true; // it stands there
  // Own points take the place of a dataset.
  const meant = path === OWN_POINTS ? "dataset" : path;
  return changeable !== null && !changeable.some((each) => isWithin(meant, each));
}

/** Whether a lesson lets one change a path, or something below it. */
export function isOpenBelow(locks: Locks, path: string): boolean {
  return !isLocked(locks, path) || (locks.changeable ?? []).some((each) => isWithin(each, path) && !isLocked(locks, each));
}

function isWithin(path: string, part: string): boolean {
  return path === part || path.startsWith(`${part}.`);
}

/** The first path in which two experiments differ and that is locked; null if there is none. */
export function lockedDifference(locks: Locks, before: Experiment, after: Experiment): string | null {
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const differing = [...new Set([...was.keys(), ...is.keys()])].filter((path) => was.get(path) !== is.get(path));
  return differing.find((path) => isLocked(locks, path)) ?? null;
}

/** Each value of an experiment as text, by its path; a list is one value. */
function valuesOf(experiment: Experiment): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string, value: unknown): void => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) found.set(path, canonical(value));
    else for (const [name, each] of Object.entries(value)) visit(path === "" ? name : `${path}.${name}`, each);
  };
  visit("", experiment);
  return found;
}

/** All that an author can leave to be changed: each part of a set-up, and below it its fields. */
export function lockablePaths(experiment: Experiment): readonly string[] {
  const paths = [...valuesOf(experiment).keys()].filter((path) => path !== "training.dtype");
  const parts = new Set(paths.flatMap((path) => partsAbove(path)));
  const inOrder = [...new Set(paths.flatMap((path) => [...partsAbove(path), path]))];
  return [SEED, STOP_RULE, ...inOrder.filter((path) => parts.has(path) || !path.endsWith(".kind"))];
}

function partsAbove(path: string): string[] {
  const names = path.split(".");
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join("."));
}

/** A path as one reads it: `training.batch_size` is the batch size. */
export function pathInWords(path: string): string {
  const names = path.split(".").filter((name) => name !== "kind");
  if (path === SEED || path === STOP_RULE) return words(path);
  if (path === OWN_POINTS) return "choice of points";
  if (names.length === 1) return names[0] === "dataset" ? "data" : words(names[0]);
  const last = names.at(-1) as string;
  return words(/^\d+$/.test(last) ? (names.at(-2) as string) : last);
}
