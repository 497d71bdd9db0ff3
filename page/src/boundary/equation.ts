// Linear equations in x1 and x2 as text, read exactly; the grammar is that of `mlplab.boundary.equation`:
//
//     equation = sum "=" sum
//     sum      = product { ("+" | "-") product }
//     product  = factor { ("*" | "/" | nothing) factor }
//     factor   = { "+" | "-" } ( number | "x1" | "x2" | "(" sum ")" )
//
// `2x1` means `2*x1`, and `1/2x1` means `(1/2)*x1`.

import { quoted } from "../text/quoted.ts";
import { type Fraction, fromDecimal, isZero, negative, ONE, over, plus, times, ZERO } from "./fraction.ts";

/** The value of a linear expression: the constant, and the factors of x1 and of x2. */
type Linear = readonly [Fraction, Fraction, Fraction];

interface Token {
  /** A sign is its own kind. */
  readonly kind: string;
  readonly text: string;
  /** The first character has position 1. */
  readonly position: number;
}

const TOKEN = /(?<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<space>\s+)|./giu;
const SIGNS = "+-*/=()";

/** Characters: parentheses may stand in each other so often. */
const LONGEST_TEXT = 200;

/** Digits of a number and of its exponent: more are a slip, and take long. */
const LONGEST_NUMBER = 60;
const LARGEST_EXPONENT = 300;

/** What is wrong with a line, its text or its weights, in one sentence for the user. */
export class LineError extends Error {
  override readonly name = "LineError";
}

/** Read a linear equation; return its left side minus its right side. A `LineError` says what is wrong. */
export function parseEquation(text: string): Linear {
  const tokens = tokensOf(text);
  let next = 0;

  function equation(): Linear {
    const left = sum();
    const equals = take();
    if (equals.kind !== "=") throw unexpected(equals, equals.kind === "end" ? "one '='" : "an operator or '='");
    const right = sum();
    const end = take();
    if (end.kind === "=") throw notALine(text, "it has a second '='", end);
    if (end.kind !== "end") throw unexpected(end, "an operator or the end");
    const difference = added(left, scaled(right, negative(ONE)));
    if (!isConstant(difference)) return difference;
    const holds = isZero(difference[0]) ? "everywhere" : "nowhere";
    throw notALine(text, `x1 and x2 drop out of it, so that it holds ${holds}`);
  }

  function sum(): Linear {
    let value = product();
    while (["+", "-"].includes(tokens[next].kind)) {
      const sign = take();
      value = added(value, scaled(product(), sign.kind === "+" ? ONE : negative(ONE)));
    }
    return value;
  }

  function product(): Linear {
    let value = factor();
    for (let sign = tokens[next]; ["*", "/", "name", "("].includes(sign.kind); sign = tokens[next]) {
      if (sign.kind === "*" || sign.kind === "/") next += 1;
      const other = factor();
      if (sign.kind === "/") {
        if (!isConstant(other)) throw notALine(text, "it divides by x1 or x2, which is not linear", sign);
        if (isZero(other[0])) throw notALine(text, "it divides by zero", sign);
        value = scaled(value, over(ONE, other[0]));
      } else if (isConstant(other)) value = scaled(value, other[0]);
      else if (isConstant(value)) value = scaled(other, value[0]);
      else throw notALine(text, "it multiplies x1 or x2 with x1 or x2, which is not linear", sign);
    }
    return value;
  }

  function factor(): Linear {
    const token = take();
    switch (token.kind) {
      case "+":
        return factor();
      case "-":
        return scaled(factor(), negative(ONE));
      case "number":
        return [number(token), ZERO, ZERO];
      case "name":
        if (token.text === "x1") return [ZERO, ONE, ZERO];
        if (token.text === "x2") return [ZERO, ZERO, ONE];
        throw notALine(text, `unknown name '${token.text}', the coordinates are called x1 (across) and x2 (up)`, token);
      case "(":
        return inside(token);
      default:
        throw unexpected(token, "a number, x1, x2 or '('");
    }
  }

  function inside(opening: Token): Linear {
    const value = sum();
    const closing = take();
    if (closing.kind === ")") return value;
    if (closing.kind === "end" || closing.kind === "=")
      throw notALine(text, "this parenthesis is not closed", opening);
    throw unexpected(closing, "an operator or ')'");
  }

  function number(token: Token): Fraction {
    const [digits, exponent = "0"] = token.text.split(/e/i);
    if (digits.length > LONGEST_NUMBER) throw notALine(text, "this number has too many digits", token);
    if (Math.abs(Number(exponent)) > LARGEST_EXPONENT)
      throw notALine(text, `the exponent of '${token.text}' is beyond ${LARGEST_EXPONENT}`, token);
    return fromDecimal(token.text);
  }

  /** The next token, which is stepped past unless it is the end. */
  function take(): Token {
    const token = tokens[next];
    if (token.kind !== "end") next += 1;
    return token;
  }

  function unexpected(token: Token, expected: string): LineError {
    const came = token.kind === "end" ? "its end" : `'${token.text}'`;
    return notALine(text, `expected ${expected}, received ${came}`, token);
  }

  return equation();
}

/** Take a text apart; the last token is its end. */
function tokensOf(text: string): Token[] {
  if (text.trim() === "") throw notALine(text, "it is empty");
  if (text.length > LONGEST_TEXT) throw notALine(text, `it has more than ${LONGEST_TEXT} characters`);
  const tokens: Token[] = [];
  let position = 1;
  // A minus sign may be copied from a typeset page.
  for (const { 0: word, groups } of text.replaceAll("−", "-").matchAll(TOKEN)) {
    const kind = Object.entries(groups ?? {}).find(([, found]) => found !== undefined)?.[0] ?? word;
    const token = { kind, text: word, position };
    if (kind === word && !SIGNS.includes(word)) throw notALine(text, `unexpected character '${word}'`, token);
    if (kind !== "space") tokens.push(token);
    position += Array.from(word).length;
  }
  return [...tokens, { kind: "end", text: "", position }];
}

/** What is wrong with a text, and where. */
function notALine(text: string, what: string, token?: Token): LineError {
  const characters = Array.from(text);
  const shown = characters.length <= 60 ? text : `${characters.slice(0, 57).join("")}...`;
  const where = token === undefined ? "" : ` (position ${token.position})`;
  return new LineError(`${quoted(shown)} is not the equation of a line${where}: ${what}`);
}

function isConstant([, x1, x2]: Linear): boolean {
  return isZero(x1) && isZero(x2);
}

function added(first: Linear, second: Linear): Linear {
  return [plus(first[0], second[0]), plus(first[1], second[1]), plus(first[2], second[2])];
}

function scaled([constant, x1, x2]: Linear, factor: Fraction): Linear {
  return [times(constant, factor), times(x1, factor), times(x2, factor)];
}
