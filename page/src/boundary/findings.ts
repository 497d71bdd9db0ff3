// What there is to know of a network of task 3, in words and numbers, as its tab shows it.

import type { Layer } from "../engine/layout.ts";
import type { Points } from "../engine/stepper.ts";
import { float32Text, significant } from "../text/numbers.ts";
import { check, explain } from "./checking.ts";
import { constraintsOf, exclusionOf, missedConstraints } from "./family.ts";
import { absolute, equal, type Fraction, minus, plus, times, toFloat } from "./fraction.ts";
import { distance, isVertical, type Line, rounded, type Side, sidesOf, writeLine } from "./line.ts";
import { fromLayer, simpleFraction, type TwoClasses } from "./two_classes.ts";
import { writeNumber } from "./writing.ts";

/** Characters of a number that is shown as it is; a longer one has four digits. */
const LONGEST = 7;

/** A constraint with both sides' numbers, and by how much they differ. */
export interface Constraint {
  readonly text: string;
  readonly left: string;
  readonly right: string;
  readonly isMet: boolean;
  readonly by: string;
}

export interface Findings {
  /** Text, row by row. */
  readonly weights: readonly (readonly string[])[];
  readonly biases: readonly string[];
  /** A paragraph. */
  readonly said: string;
  /** The line that is drawn, which may be rounded; empty for none. */
  readonly line: string;
  readonly isExact: boolean;
  readonly drawsWanted: boolean;
  /** Whether the classes lie the other way round than most points; `null` without a line, or where it is even. */
  readonly isSwitched: boolean | null;
  /** The side of class 0, and the side that it should have by the points. */
  readonly side: Side | null;
  readonly usual: Side | null;
  /** Two equations, and last what must not be equal; none without numbers. */
  readonly constraints: readonly Constraint[];
}

/** Tell what a layer draws, and what the wanted line asks of it. */
export function tell(layer: Layer, wanted: Line, train: Points): Findings {
  const { weights: w, biases: b } = layer;
  const numbers = { weights: [[w[0], w[1]], [w[2], w[3]]].map((row) => row.map(shown)), biases: Array.from(b, shown) };
  const none = { line: "", isExact: false, drawsWanted: false, isSwitched: null, side: null, usual: null };
  if (![...w, ...b].every(Number.isFinite))
    return { ...numbers, ...none, constraints: [], said: "These weights are no numbers, and draw no line." };
  const network = fromLayer(layer);
  const found = check(network, wanted, usualSide(wanted, train));
  const told = { ...numbers, said: explain(found), constraints: constraintsMet(network, wanted) };
  if (found.line === null) return { ...none, ...told };
  const drawn = found.drawsWanted ? wanted : found.line;
  const isExact = [drawn.a, drawn.c].every((value) => writeShort(value) === writeNumber(value));
  const usual = usualSide(drawn, train);
  return {
    ...told,
    line: writeLine(isExact ? drawn : rounded(drawn, 4)),
    isExact,
    drawsWanted: found.drawsWanted,
    isSwitched: usual === null ? null : usual !== found.side,
    side: found.side,
    usual,
  };
}

/** The side of a line that class 0 should have by the points; `null` where either is as good. */
export function usualSide(line: Line, { x, y }: Points): Side | null {
  let agreed = 0;
  for (let i = 0; i < y.length; i++)
    agreed += Math.sign(distance(line, x[2 * i], x[2 * i + 1])) * (y[i] === 0 ? 1 : -1);
  return agreed === 0 ? null : sidesOf(line)[agreed > 0 ? 1 : 0];
}

/** Write a number, with four digits where all would be too long to read. */
function writeShort(value: Fraction): string {
  const exact = writeNumber(value);
  const longest = exact.includes("/") ? 4 : LONGEST;
  return exact.length <= longest ? exact : significant(toFloat(value), 4);
}

function constraintsMet(network: TwoClasses, wanted: Line): Constraint[] {
  const [[w11, w12, b1], [w21, w22, b2]] = network.map((row) => row.map(simpleFraction));
  const { a, c } = wanted;
  const along = (w1: Fraction, w2: Fraction) => minus(w1, times(a, w2));
  const on = (weight: Fraction, bias: Fraction) => plus(times(c, weight), bias);
  const sides: readonly (readonly [Fraction, Fraction])[] = isVertical(wanted)
    ? [[w12, w22], [on(w11, b1), on(w21, b2)], [w11, w21]]
    : [[along(w11, w12), along(w21, w22)], [on(w12, b1), on(w22, b2)], [w12, w22]];
  const [first, second] = missedConstraints(wanted, network);
  const isMet = [!first, !second, !equal(sides[2][0], sides[2][1])];
  return [...constraintsOf(wanted), exclusionOf(wanted)].map((text, i) => {
    const [left, right] = sides[i];
    const by = writeShort(absolute(minus(left, right)));
    return { text, left: writeShort(left), right: writeShort(right), isMet: isMet[i], by };
  });
}

function shown(value: number): string {
  return Number.isFinite(value) ? writeShort(simpleFraction(value)) : float32Text(value);
}
