// Standardised features: mean 0 and standard deviation 1 in the training split, as
// `mlplab.data.standardising` computes them, to the last bit.

const TRAINING = 0;
const LARGEST = 2 ** 1000; // beyond it Python divides by four first, which the page has no need of

/**
 * Scale all samples by the training split's mean and standard deviation, (samples, features).
 *
 * Sums run from the first sample to the last, as NumPy's do for two features or more.
 */
export function standardised(x: Float64Array, features: number, split: ArrayLike<number>): Float64Array {
  const samples = x.length / features;
  const out = new Float64Array(x.length);
  for (let feature = 0; feature < features; feature++) {
    const all = Array.from({ length: samples }, (_, i) => x[i * features + feature]);
    const { mean, scale } = meanAndScale(all.filter((_, i) => split[i] === TRAINING));
    all.forEach((value, i) => {
      out[i * features + feature] = (value - mean) / scale;
    });
  }
  return out;
}

/** The mean, and the standard deviation (of n, not n - 1) or, where all values are equal, 1. */
export function meanAndScale(values: readonly number[]): { readonly mean: number; readonly scale: number } {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (!(largest < LARGEST))
    throw new RangeError(`the page standardises values below 2^1000, received ${largest}`);
  // The sum of equal numbers rounds, so that their mean may be another number.
  if (low === high) return { mean: low, scale: 1 };
  // Squares neither overflow nor vanish: values are first scaled by a power of two, which is exact.
  const exponent = exponentOf(largest);
  const small = values.map((value) => timesPowerOfTwo(value, -exponent));
  const mean = sum(small) / values.length;
  const deviation = Math.sqrt(sum(small.map((value) => (value - mean) * (value - mean))) / values.length);
  const scale = timesPowerOfTwo(deviation, exponent);
  return { mean: timesPowerOfTwo(mean, exponent), scale: scale > 0 ? scale : 1 };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The power of two of which a number above zero is a half at least, and less than the whole. */
function exponentOf(value: number): number {
  let exponent = Math.ceil(Math.log2(value));
  // The logarithm is rounded, and may lie on the other side of a whole number.
  while (timesPowerOfTwo(value, -exponent) >= 1) exponent++;
  while (timesPowerOfTwo(value, -exponent) < 0.5) exponent--;
  return exponent;
}

/** Multiply by a power of two, by way of its root so that the power itself neither overflows nor vanishes. */
function timesPowerOfTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
