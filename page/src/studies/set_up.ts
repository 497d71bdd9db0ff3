// What a network is trained from, besides its seed.

import type { Experiment } from "../engine/experiment.ts";
import type { FiniteSamples } from "../engine/finite.ts";
import { canonical } from "../state/canonical.ts";

export interface SetUp {
  readonly experiment: Experiment;
  /** Own points; null where each seed draws its samples. */
  readonly samples: FiniteSamples | null;
}

export function areSame(a: SetUp, b: SetUp): boolean {
  return haveSameSamples(a, b) && canonical(a.experiment) === canonical(b.experiment);
}

/** Whether a set-up can take the place of what is there: own points are set up only while they are there. */
export function canBeSetUp(setUp: SetUp, now: SetUp): boolean {
  return setUp.samples === null || haveSameSamples(setUp, now);
}

export function haveSameSamples({ samples: a }: SetUp, { samples: b }: SetUp): boolean {
  if (a === null || b === null || a === b) return a === b;
  const areEqual = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    one.length === other.length && Array.from(one).every((value, i) => value === other[i]);
  return areEqual(a.x, b.x) && areEqual(a.y, b.y) && areEqual(a.split, b.split);
}
