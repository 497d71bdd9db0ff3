// Fractions of whole numbers of any size, as Python's `fractions.Fraction`: nothing is rounded.

/** In lowest terms, the denominator above zero: equal fractions have equal parts. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };
export const ONE: Fraction = { numerator: 1n, denominator: 1n };

/** The fraction of two whole numbers, the second other than zero. */
export function fraction(numerator: bigint, denominator = 1n): Fraction {
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = sign * commonDivisor(size(numerator), size(denominator));
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

/** Read a decimal number such as `12`, `.5` or `1.5e-3`, exactly. */
export function fromDecimal(text: string): Fraction {
  const [mantissa, exponent = "0"] = text.split(/e/i);
  const [whole, decimals = ""] = mantissa.split(".");
  const power = BigInt(exponent) - BigInt(decimals.length);
  const digits = BigInt(`${whole}${decimals}`.replace("-", "")) * (text.startsWith("-") ? -1n : 1n);
  return power < 0n ? fraction(digits, 10n ** -power) : fraction(digits * 10n ** power);
}

/** The exact value of a finite number. */
export function fromFloat(value: number): Fraction {
  let [whole, halvings] = [value, 0n];
  for (; !Number.isInteger(whole); whole *= 2) halvings += 1n;
  return fraction(BigInt(whole), 1n << halvings);
}

/** A float64, the nearest but for rounding. */
export function toFloat({ numerator, denominator }: Fraction): number {
  const [top, bottom] = [Number(numerator), Number(denominator)];
  if (Number.isFinite(top) || Number.isFinite(bottom)) return top / bottom;
  const cut = 10n ** BigInt(Math.min(String(numerator).length, String(denominator).length) - 300);
  return Number(numerator / cut) / Number(denominator / cut);
}

export function plus(first: Fraction, second: Fraction): Fraction {
  const { numerator: a, denominator: b } = first;
  const { numerator: c, denominator: d } = second;
  return fraction(a * d + c * b, b * d);
}

export function minus(first: Fraction, second: Fraction): Fraction {
  return plus(first, negative(second));
}

export function times(first: Fraction, second: Fraction): Fraction {
  return fraction(first.numerator * second.numerator, first.denominator * second.denominator);
}

/** Divide by a fraction other than zero. */
export function over(first: Fraction, second: Fraction): Fraction {
  return fraction(first.numerator * second.denominator, first.denominator * second.numerator);
}

export function negative({ numerator, denominator }: Fraction): Fraction {
  return { numerator: -numerator, denominator };
}

export function absolute({ numerator, denominator }: Fraction): Fraction {
  return { numerator: size(numerator), denominator };
}

export function equal(first: Fraction, second: Fraction): boolean {
  return first.numerator === second.numerator && first.denominator === second.denominator;
}

export function isZero({ numerator }: Fraction): boolean {
  return numerator === 0n;
}

/** The nearest fraction whose denominator is not larger than a bound, by continued fractions. */
export function limitDenominator(value: Fraction, largest: bigint): Fraction {
  if (value.denominator <= largest) return value;
  let [p0, q0, p1, q1] = [0n, 1n, 1n, 0n];
  let [n, d] = [value.numerator, value.denominator];
  for (;;) {
    const whole = floorDivide(n, d);
    const q2 = q0 + whole * q1;
    if (q2 > largest) break;
    [p0, q0, p1, q1] = [p1, q1, p0 + whole * p1, q2];
    [n, d] = [d, n - whole * d];
  }
  const steps = (largest - q0) / q1;
  const other = fraction(p0 + steps * p1, q0 + steps * q1);
  const last = fraction(p1, q1);
  const isNearer = minus(absolute(minus(last, value)), absolute(minus(other, value))).numerator <= 0n;
  return isNearer ? last : other;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function commonDivisor(first: bigint, second: bigint): bigint {
  let [a, b] = [first, second];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}
