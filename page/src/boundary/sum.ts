// Sums of terms as one writes them, exactly: `0.5 - 2/3*x1`.

import { absolute, fraction, type Fraction, isZero, times } from "./fraction.ts";

const BILLION = 10n ** 9n;

/** A coefficient and a name, which is empty for a constant. */
export type Term = readonly [Fraction, string];

/** Write a sum of terms; zeros are left out. */
export function writeSum(...terms: readonly Term[]): string {
  let text = "";
  for (const [coefficient, name] of terms) {
    if (isZero(coefficient)) continue;
    const size = writeNumber(absolute(coefficient));
    const term = !name ? size : size === "1" ? name : `${size}*${name}`;
    const isBelow = coefficient.numerator < 0n;
    if (text) text += isBelow ? ` - ${term}` : ` + ${term}`;
    else text = isBelow ? `-${term}` : term;
  }
  return text || "0";
}

/** Write a number exactly: as a decimal where nine decimals are enough, else a fraction. */
export function writeNumber(value: Fraction): string {
  if (value.denominator === 1n) return String(value.numerator);
  const billionths = times(value, fraction(BILLION));
  if (billionths.denominator !== 1n) return `${value.numerator}/${value.denominator}`;
  const size = absolute(billionths).numerator;
  const decimals = String(size % BILLION)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${value.numerator < 0n ? "-" : ""}${size / BILLION}.${decimals}`;
}
