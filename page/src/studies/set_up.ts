// What a network is trained from, besides its seed.

import { type Experiment, updatesPerEpoch } from "../engine/experiment.ts";
import type { FiniteSamples } from "../engine/finite.ts";
import { spec } from "../spec/schema.ts";
import { canonical } from "../state/canonical.ts";
import { grouped } from "../text/numbers.ts";

export interface SetUp {
  readonly experiment: Experiment;
  /** Own points; null where each seed draws its samples. */
  readonly samples: FiniteSamples | null;
}

export function areSame(a: SetUp, b: SetUp): boolean {
  return haveSameSamples(a, b) && canonical(a.experiment) === canonical(b.experiment);
}

/** Why the page does not train a set-up to its end many times: own points can make more updates than others may. */
export function whyTooLong({ experiment: { training }, samples }: SetUp): string | null {
  if (samples === null) return null;
  const points = Array.from(samples.split ?? []).filter((part) => part === 0).length;
  const updates = training.epochs * updatesPerEpoch(points, training.batch_size);
  const most = spec.limits["updates"];
  if (updates <= most) return null;
  return `A run of a study has at most ${grouped(most)} updates, and this set-up has ${grouped(updates)}.`;
}

/** Whether a set-up can take the place of what is there: own points are set up only while they are there. */
export function canBeSetUp(setUp: SetUp, now: SetUp): boolean {
  return setUp.samples === null || haveSameSamples(setUp, now);
}

export function haveSameSamples({ samples: a }: SetUp, { samples: b }: SetUp): boolean {
  if (a === null || b === null || a === b) return a === b;
  const areEqual = (one: ArrayLike<unknown>, other: ArrayLike<unknown>) =>
    one.length === other.length && Array.from(one).every((value, i) => value === other[i]);
  return [[a.x, b.x], [a.y, b.y], [a.split, b.split], [a.labelNames, b.labelNames]].every(([one, other]) => areEqual(one, other));
}

/** Whether two set-ups learn the same task; they may draw more or fewer points of it. */
export function haveSameTask(a: SetUp, b: SetUp): boolean {
  const taskOf = ({ experiment: { dataset } }: SetUp) => {
    const { train_per_class: _, test_per_class: __, ...task } = dataset;
    return canonical(task);
  };
  return haveSameSamples(a, b) && taskOf(a) === taskOf(b);
}
