// The normal distribution and Student's, to some 14 digits: SciPy's `ndtr`, `stdtr` and `stdtrit`.

const EPSILON = 1e-17;
const TINY = 1e-300;
const MOST = 10_000;

/** Φ(x): how likely a standard normal number is below x. */
export function normalCdf(x: number): number {
  if (x > 0) return 1 - normalCdf(-x);
  return x < -3 ? normalTail(-x) : 0.5 - normalCentre(-x);
}

/** Φ(x) - 1/2 for x from 0 to 3: φ(x) (x + x³/3 + x⁵/(3·5) + …). Source: Marsaglia 2004. */
function normalCentre(x: number): number {
  let term = x;
  let total = x;
  for (let k = 3; term > EPSILON * total; k += 2) {
    term *= (x * x) / k;
    total += term;
  }
  return density(x) * total;
}

/** 1 - Φ(x) for x above 3: φ(x) / (x + 1/(x + 2/(x + 3/(x + …)))), Laplace's continued fraction. */
function normalTail(x: number): number {
  let fraction = x;
  for (let k = 200; k > 0; k--) fraction = x + k / fraction;
  return density(x) / fraction;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * How likely Student's t is below `t`, with `freedom` degrees of freedom, a whole number of 1 or above.
 *
 * For t < 0 it is I_x(ν/2, 1/2) / 2 with x = ν / (ν + t²), I the regularised incomplete beta function.
 */
export function studentCdf(freedom: number, t: number): number {
  if (t > 0) return 1 - studentCdf(freedom, -t);
  if (t === -Infinity) return 0;
  const a = freedom / 2;
  const square = (t * t) / freedom;
  const [x, rest] = [1 / (1 + square), square / (1 + square)];
  // x^a (1-x)^(1/2) / B(a, 1/2), where x^a = (1 + t²/ν)^-a.
  const front = (Math.exp(-a * Math.log1p(square)) * Math.sqrt(rest)) / betaOfHalf(freedom);
  if (x < (a + 1) / (a + 2.5)) return (front * betaFraction(a, 0.5, x)) / a / 2;
  return (1 - (front * betaFraction(0.5, a, rest)) / 0.5) / 2;
}

/** The t below which Student's t is with a probability, which lies between 0 and 1. */
export function studentQuantile(freedom: number, probability: number): number {
  if (probability > 0.5) return -studentQuantile(freedom, 1 - probability);
  let low = -1;
  while (studentCdf(freedom, low) > probability) low *= 2;
  let high = 0;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (studentCdf(freedom, middle) < probability) low = middle;
    else high = middle;
  }
}

/** B(ν/2, 1/2), by B(1/2, 1/2) = π, B(1, 1/2) = 2 and B(a + 1, 1/2) = B(a, 1/2) a / (a + 1/2). */
function betaOfHalf(freedom: number): number {
  let value = freedom % 2 ? Math.PI : 2;
  for (let a = freedom % 2 ? 0.5 : 1; a < freedom / 2; a++) value *= a / (a + 0.5);
  return value;
}

/** The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  const away = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MOST; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return value;
}
