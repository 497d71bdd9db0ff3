// Sums and numbers as one writes them, exactly, and as they are printed on the page.

import { absolute, fraction, type Fraction, isZero, times } from "./fraction.ts";

const BILLION = 10n ** 9n;
const INDICES = "₀₁₂₃₄₅₆₇₈₉";

/** Write a sum of coefficients with names, which are empty for constants; zeros are left out. */
export function writeSum(...terms: readonly (readonly [Fraction, string])[]): string {
  let text = "";
  for (const [coefficient, name] of terms) {
    if (isZero(coefficient)) continue;
    const size = writeNumber(absolute(coefficient));
    const term = name === "" ? size : size === "1" ? name : `${size}*${name}`;
    const isBelow = coefficient.numerator < 0n;
    if (text !== "") text += isBelow ? ` - ${term}` : ` + ${term}`;
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

/** An equation as it is printed: x2 is x₂, -1.2*x1 is −1.2·x₁. */
export function printed(text: string): string {
  const lowered = (digits: string) => digits.replace(/\d/g, (digit) => INDICES[Number(digit)]);
  return text
    .replace(/([wbxz])(\d+)/g, (_, name: string, index: string) => name + lowered(index))
    .replaceAll("-", "−")
    .replaceAll("*", "·")
    .replaceAll("!=", "≠");
}

/** The same as it is typed. */
export function typed(text: string): string {
  return text
    .replace(/[₀-₉]/g, (digit) => String(INDICES.indexOf(digit)))
    .replaceAll("−", "-")
    .replaceAll("·", "*");
}
