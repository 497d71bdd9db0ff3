// How symbols and sums of products are written where a formula is filled in: `mlplab.spec.symbols`.

import { briefly, inParentheses } from "../../text/formula.ts";

export type Pair = readonly [number, number];

/** A number below the line. */
export function symbol(number: number): string {
  return [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

/** The symbol of a weight: its neuron and its input, counted from 1. */
export function weightSymbol(neuron: number, source: number): string {
  return `w${symbol(neuron)}${Math.max(neuron, source) > 9 ? "," : ""}${symbol(source)}`;
}

/** A sum of products, of more than `most` the largest, in their order. */
export function sum(pairs: readonly Pair[], most: number): string {
  const size = (i: number) => Math.abs(pairs[i][0] * pairs[i][1]);
  const largest = pairs
    .map((_, i) => i)
    .sort((one, other) => size(other) - size(one) || one - other)
    .slice(0, most)
    .sort((one, other) => one - other);
  let text = "";
  for (const i of largest) {
    const [a, b] = pairs[i];
    const sign = text === "" ? (a < 0 ? "-" : "") : a < 0 ? " - " : " + ";
    text += `${sign}${briefly(Math.abs(a))}·${inParentheses(b)}`;
  }
  const left = pairs.length - largest.length;
  return left === 0 ? text : `${text} + … (${left} smaller term${left > 1 ? "s" : ""})`;
}
