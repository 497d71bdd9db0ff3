// Linear equations in x1 and x2 as text, read exactly; the grammar is that of `mlplab.boundary.equation`:
//
//     equation = sum "=" sum
//     sum      = product { ("+" | "-") product }
//     product  = factor { ("*" | "/" | nothing) factor }
//     factor   = { "+" | "-" } ( number | "x1" | "x2" | "(" sum ")" )
//
// `2x1` means `2*x1`, and `1/2x1` means `(1/2)*x1`.

import { type Fraction, fromDecimal, isZero, negative, ONE, over, plus, times, ZERO } from "./fraction.ts";
import type { LineError } from "./line_error.ts";
import { notALine, type Token, tokensOf } from "./tokens.ts";

export const DEEPEST_NESTING = 50;

/** Of a numerator or denominator: it keeps arithmetic quick whatever is typed. */
const LARGEST = 1n << 8192n;

/** The value of a linear expression: the constant, and the factors of x1 and of x2. */
export type Linear = readonly [Fraction, Fraction, Fraction];

/**
 * Read a linear equation; return its left side minus its right side.
 *
 * A text that is empty, too long, no equation, not linear, or true nowhere or everywhere is a `LineError`,
 * which says what is wrong and at which position.
 */
export function parseEquation(text: string): Linear {
  const tokens = tokensOf(text);
  let next = 0;
  let depth = 0;

  function equation(): Linear {
    const left = sum();
    const equals = take();
    if (equals.kind !== "=")
      throw unexpected(equals, equals.kind === "end" ? "one '='" : "an operator or '='");
    const right = sum();
    const end = take();
    if (end.kind === "=") throw notALine(text, "it has a second '='", end.position);
    if (end.kind !== "end") throw unexpected(end, "an operator or the end");
    const difference = added(left, scaled(right, negative(ONE)));
    if (isConstant(difference)) {
      const holds = isZero(difference[0]) ? "everywhere" : "nowhere";
      throw notALine(text, `x1 and x2 drop out of it, so that it holds ${holds}`);
    }
    return difference;
  }

  function sum(): Linear {
    let value = product();
    for (let sign = tokens[next]; sign.kind === "+" || sign.kind === "-"; sign = tokens[next]) {
      next += 1;
      const more = product();
      value = added(value, sign.kind === "+" ? more : scaled(more, negative(ONE)));
      checkSize(value, sign);
    }
    return value;
  }

  function product(): Linear {
    let value = factor();
    for (let sign = tokens[next]; ["*", "/", "name", "("].includes(sign.kind); sign = tokens[next]) {
      if (sign.kind === "*" || sign.kind === "/") next += 1;
      const other = factor();
      if (sign.kind === "/") value = quotient(value, other, sign);
      else if (isConstant(other)) value = scaled(value, other[0]);
      else if (isConstant(value)) value = scaled(other, value[0]);
      else throw notALine(text, "it multiplies x1 or x2 with x1 or x2, which is not linear", sign.position);
      checkSize(value, sign);
    }
    return value;
  }

  function factor(): Linear {
    let token = take();
    let sign = ONE;
    for (; token.kind === "+" || token.kind === "-"; token = take()) {
      if (token.kind === "-") sign = negative(sign);
    }
    if (token.kind === "number") return scaled([numberOf(token), ZERO, ZERO], sign);
    if (token.kind === "name") return scaled(variable(token), sign);
    if (token.kind === "(") return scaled(inside(token), sign);
    throw unexpected(token, "a number, x1, x2 or '('");
  }

  function inside(opening: Token): Linear {
    depth += 1;
    if (depth > DEEPEST_NESTING) {
      throw notALine(text, `its parentheses are nested more than ${DEEPEST_NESTING} deep`, opening.position);
    }
    const value = sum();
    const closing = take();
    if (closing.kind === "end" || closing.kind === "=") {
      throw notALine(text, "this parenthesis is not closed", opening.position);
    }
    if (closing.kind !== ")") throw unexpected(closing, "an operator or ')'");
    depth -= 1;
    return value;
  }

  function quotient(value: Linear, divisor: Linear, operator: Token): Linear {
    if (!isConstant(divisor))
      throw notALine(text, "it divides by x1 or x2, which is not linear", operator.position);
    if (isZero(divisor[0])) throw notALine(text, "it divides by zero", operator.position);
    return scaled(value, over(ONE, divisor[0]));
  }

  function numberOf(token: Token): Fraction {
    const [, exponent] = token.text.split(/[eE]/);
    if (exponent !== undefined && Math.abs(Number(exponent)) > 300) {
      throw notALine(text, `the exponent of '${token.text}' is beyond 300`, token.position);
    }
    return fromDecimal(token.text);
  }

  function variable(token: Token): Linear {
    if (token.text === "x1") return [ZERO, ONE, ZERO];
    if (token.text === "x2") return [ZERO, ZERO, ONE];
    const what = `unknown name '${token.text}', the coordinates are called x1 (across) and x2 (up)`;
    throw notALine(text, what, token.position);
  }

  /** The next token, which is stepped past unless it is the end. */
  function take(): Token {
    const token = tokens[next];
    if (token.kind !== "end") next += 1;
    return token;
  }

  function checkSize(value: Linear, operator: Token): void {
    const isLarge = value.some(
      ({ numerator, denominator }) => numerator >= LARGEST || numerator <= -LARGEST || denominator >= LARGEST,
    );
    if (isLarge) throw notALine(text, "its numbers grow too large", operator.position);
  }

  function unexpected(token: Token, expected: string): LineError {
    const came = token.kind === "end" ? "its end" : `'${token.text}'`;
    return notALine(text, `expected ${expected}, received ${came}`, token.position);
  }

  return equation();
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
