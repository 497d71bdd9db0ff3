// Fractions of whole numbers of any size, as Python's `fractions.Fraction`: nothing is rounded.

/** In lowest terms, the denominator above zero: equal fractions have equal parts. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const ZERO: Fraction = { numerator: 0n, denominator: 1n };
export const ONE: Fraction = { numerator: 1n, denominator: 1n };

export function fraction(numerator: bigint, denominator = 1n): Fraction {
  if (denominator === 0n) throw new RangeError("a fraction has a denominator other than zero");
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = commonDivisor(size(numerator), size(denominator));
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor };
}

/** Read a decimal number such as `12`, `.5` or `1.5e-3`, exactly. */
export function fromDecimal(text: string): Fraction {
  const found = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (found === null || !(found[2] || found[3]))
    throw new RangeError(`expected a decimal number, received ${text}`);
  const [, sign, whole, decimals, exponent] = found;
  const digits = BigInt(`${whole}${decimals}`) * (sign === "-" ? -1n : 1n);
  const power = BigInt(exponent ?? 0) - BigInt(decimals.length);
  return power < 0n ? fraction(digits, 10n ** -power) : fraction(digits * 10n ** power);
}

/** The exact value of a finite float64. */
export function fromFloat(value: number): Fraction {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, received ${value}`);
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0];
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = (bits & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n);
  const power = (exponent === 0n ? 1n : exponent) - 1075n;
  const signed = bits >> 63n === 1n ? -mantissa : mantissa;
  return power < 0n ? fraction(signed, 1n << -power) : fraction(signed << power);
}

/** The nearest float64; of two that are equally near, the even one. */
export function toFloat({ numerator, denominator }: Fraction): number {
  if (numerator === 0n) return 0;
  const top = size(numerator);
  // The quotient gets 64 bits at least, but none below the smallest float, 2^-1074.
  const shift = Math.min(68 - (bits(top) - bits(denominator)), 1074);
  const upper = shift > 0 ? top << BigInt(shift) : top;
  const lower = shift > 0 ? denominator : denominator << BigInt(-shift);
  const value = scaledQuotient(upper, lower, -shift);
  return numerator < 0n ? -value : value;
}

/** (upper / lower) · 2^power, rounded once. */
function scaledQuotient(upper: bigint, lower: bigint, power: number): number {
  const quotient = upper / lower;
  if (quotient < 1n << 53n)
    return Number(roundToWhole({ numerator: upper, denominator: lower })) * 2 ** power;
  // A last bit stands for all that is cut off, so that the one rounding is the right one.
  const isExact = quotient * lower === upper;
  const doubled = Number((quotient << 1n) | (isExact ? 0n : 1n));
  const half = Math.trunc((power - 1) / 2);
  return doubled * 2 ** half * 2 ** (power - 1 - half);
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

/** Below zero where the first is smaller, above where it is larger, zero where both are equal. */
export function compare(first: Fraction, second: Fraction): number {
  const difference = first.numerator * second.denominator - second.numerator * first.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function equal(first: Fraction, second: Fraction): boolean {
  return first.numerator === second.numerator && first.denominator === second.denominator;
}

export function isZero(value: Fraction): boolean {
  return value.numerator === 0n;
}

/** The nearest whole number; of two that are equally near, the even one. */
export function roundToWhole({ numerator, denominator }: Fraction): bigint {
  const floor = floorDivide(numerator, denominator);
  const twice = 2n * (numerator - floor * denominator);
  const isUp = twice > denominator || (twice === denominator && floor % 2n !== 0n);
  return isUp ? floor + 1n : floor;
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
  const isNearer = compare(absolute(minus(last, value)), absolute(minus(other, value))) <= 0;
  return isNearer ? last : other;
}

/** √(x² + y²) of two float64, correctly rounded (`Math.hypot` may be off by more than the last bit). */
export function length(x: number, y: number): number {
  const [a, b] = [fromFloat(x), fromFloat(y)];
  const square = plus(times(a, a), times(b, b));
  if (isZero(square)) return 0;
  // The root of what is scaled so has 64 bits at least.
  const { numerator, denominator } = square;
  const shift = BigInt(Math.max(0, Math.ceil((140 - bits(numerator) + bits(denominator)) / 2)));
  const scaled = (numerator << (2n * shift)) / denominator;
  const root = wholeRoot(scaled);
  const isExact = root * root === scaled && scaled * denominator === numerator << (2n * shift);
  return toFloat(fraction(2n * root + (isExact ? 0n : 1n), 1n << (shift + 1n)));
}

/** How many binary digits a whole number above zero has, up to three too many. */
export function bits(value: bigint): number {
  return 4 * value.toString(16).length;
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

function wholeRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(bits(value) / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
