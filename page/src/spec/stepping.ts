// The next number above or below one, for the buttons + and − of a field.

import { type Field, firstValue, formOf } from "./schema.ts";
import { fieldProblem } from "./validate.ts";

export type Direction = 1 | -1;

/** Where a whole number begins so large, one more makes no difference. */
const LARGE = 32;

/** A step where the number itself says none. */
const SMALL = 0.01;

/**
 * A step from a number, or the number itself where the field ends.
 *
 * Whole numbers go by one; those that begin large, such as the batch size, are doubled and halved. Rates go by
 * factors: 1, 2, 5, 10. Other numbers go by one in their first digit, those up to 1 also in that of their
 * distance from it: 0.9, 0.91.
 */
export function stepped(field: Field, value: number, direction: Direction): number {
  const form = formOf(field, 0);
  const next = form.type === "integer" ? nextWhole(field, value, direction) : rounded(nextReal(form, value, direction));
  const asValue = form.type === "integer" ? BigInt(next) : next;
  return fieldProblem(form, asValue) === null ? next : value;
}

function nextWhole(field: Field, value: number, direction: Direction): number {
  if (Number(firstValue(field)) < LARGE) return value + direction;
  return direction > 0 ? 2 * value : Math.floor(value / 2);
}

function nextReal({ minimum, maximum, exclusiveMaximum }: Field, value: number, direction: Direction): number {
  if (minimum !== undefined && minimum < 0) return value + direction * SMALL;
  const most = maximum ?? exclusiveMaximum;
  if (minimum === 0 && most === undefined) return value === 0 ? direction * SMALL : nextFactor(value, direction);
  const toOne = most === 1 ? unit(rounded(1 - value), direction > 0 ? -1 : 1) : Infinity;
  const size = Math.min(unit(value, direction), toOne);
  return value + direction * (size === Infinity ? SMALL : size);
}

function nextFactor(value: number, direction: Direction): number {
  const rungs = [0.5, 1, 2, 5, 10].map((each) => rounded(each * power(value)));
  const next = direction > 0 ? rungs.find((each) => each > value) : rungs.findLast((each) => each < value);
  return next as number;
}

/** One in the first digit of a number; going down from a power of ten, in that of the next smaller one. */
function unit(value: number, direction: Direction): number {
  if (value <= 0) return Infinity;
  const size = power(value);
  return direction < 0 && rounded(value - size) < size ? size / 10 : size;
}

/** The power of ten of a number's first digit. */
function power(value: number): number {
  return Number(`1e${value.toExponential().split("e")[1]}`);
}

/** Without what the arithmetic of floats adds: 0.3, not 0.30000000000000004. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
