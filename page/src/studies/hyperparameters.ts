// What can be varied in a set-up: its numbers, as the spec has them, each with a ladder of values about its own.

import { counts, type Experiment } from "../engine/experiment.ts";
import { fieldNames, inside } from "../spec/paths.ts";
import { fieldAt, formOf, type Field } from "../spec/schema.ts";
import { isTable, type Value } from "../spec/values.ts";
import { varied } from "../spec/entered.ts";
import { asWritten } from "../spec/written.ts";

/** On a ladder, at most. */
const VALUES = 5;

/** On a ladder, or the number is not offered. */
const FEWEST = 3;

/** Numbers that go up and down by one. */
const COUNTED = ["hidden_layers", "classes"];

/** Numbers that go up and down by a factor of four; all others by two. */
const STEEP = ["learning_rate", "initial_learning_rate", "batch_size"];

/** Where a number that lies between 0 and 1 goes up and down. */
const FRACTIONS = [0, 0.3, 0.6, 0.9, 0.99, 0.999];

/** A number that says how well one measures, and changes nothing of what is learnt. */
const MEASURING = "test_per_class";

export interface Hyperparameter {
  /** Its place in the spec, such as `training.batch_size`. */
  readonly path: string;
  /** What the page calls it. */
  readonly name: string;
  /** That it has. */
  readonly value: number;
  /** That it may have, rising: its own is in the middle where as many can stand above as below. */
  readonly values: readonly number[];
}

const known = new WeakMap<Experiment, readonly Hyperparameter[]>();

/** The numbers of an experiment that can be varied alone, in the order of the spec. */
export function hyperparameters(experiment: Experiment): readonly Hyperparameter[] {
  const found =
    known.get(experiment) ??
    numbersOf(asWritten(experiment), "")
      .filter(([path]) => !path.endsWith(MEASURING) && (isDrawn(experiment) || !path.startsWith("dataset.")))
      .map(([path, value]) => hyperparameter(experiment, path, value))
      .filter(({ values }) => values.length >= FEWEST);
  known.set(experiment, found);
  return found;
}

/** The experiment with another number; why there is none where the spec or the page's limits refuse it. */
export function withNumber(experiment: Experiment, path: string, value: number): Experiment | string {
  const isWhole = formOf(fieldAt(experiment, path) ?? {}, value).type === "integer";
  return varied(experiment, [[path, isWhole ? BigInt(value) : value]]);
}

/** Path and value of each number of a table; a whole number is a bigint. */
function numbersOf(table: Value, path: string): [string, number | bigint][] {
  if (typeof table === "number" || typeof table === "bigint") return [[path, table]];
  if (!isTable(table)) return [];
  return Object.entries(table).flatMap(([name, value]) => numbersOf(value, inside(path, name)));
}

function isDrawn({ dataset }: Experiment): boolean {
  return typeof dataset.train_per_class === "number";
}

function hyperparameter(experiment: Experiment, path: string, written: number | bigint): Hyperparameter {
  const value = Number(written);
  const [table, last] = fieldNames(path).slice(-2);
  const [next, previous] = stepsOf(last, written, formOf(fieldAt(experiment, path) ?? {}, value));
  const up = climb(experiment, path, value, next);
  const down = climb(experiment, path, value, previous);
  const half = Math.floor(VALUES / 2);
  const above = Math.min(up.length, Math.max(half, VALUES - 1 - down.length));
  const below = Math.min(down.length, VALUES - 1 - above);
  const values = [...down.slice(0, below).reverse(), value, ...up.slice(0, above)];
  return { path, name: table === "class_weight" ? `weight of class ${last}` : last.replaceAll("_", " "), value, values };
}

type Step = (value: number) => number | undefined;

/** What leads from a value to the next above, and to the next below. */
function stepsOf(name: string, value: number | bigint, field: Field): readonly [Step, Step] {
  if (name === "hidden_layers") return [(v) => v + 1, (v) => (v > 1 ? v - 1 : undefined)];
  if (COUNTED.includes(name)) return [(v) => v + 1, (v) => v - 1];
  if (typeof value === "number" && isFraction(name, value, field))
    return [(v) => FRACTIONS.find((step) => step > v), (v) => FRACTIONS.findLast((step) => step < v)];
  const factor = STEEP.includes(name) ? 4 : 2;
  if (typeof value === "bigint") return [(v) => v * factor, (v) => Math.round(v / factor)];
  // A number such as 0.1 · 2 · 2 · 2 is to be read without its rounding.
  const short = (v: number) => Number(v.toPrecision(6));
  return [(v) => short(v * factor), (v) => short(v / factor)];
}

/** Whether a number lies between 0 and 1: by the spec, or as the usual rates of decay do. */
function isFraction(name: string, value: number, { maximum, exclusiveMaximum }: Field): boolean {
  return (maximum ?? exclusiveMaximum ?? Infinity) <= 1 || (name === "decay_rate" && value > 0 && value < 1);
}

/** The values that a step leads to, as long as one can train with them and each is another. */
function climb(experiment: Experiment, path: string, from: number, step: Step): number[] {
  const found: number[] = [];
  let now = from;
  while (found.length < VALUES - 1) {
    const then = step(now);
    if (then === undefined || then === now || !isValid(experiment, path, then)) break;
    found.push(then);
    now = then;
  }
  return found;
}

function isValid(experiment: Experiment, path: string, value: number): boolean {
  if (typeof withNumber(experiment, path, value) === "string") return false;
  // More than all samples in a batch are no more than all samples.
  return path !== "training.batch_size" || !isDrawn(experiment) || value <= counts(experiment.dataset)[0];
}
