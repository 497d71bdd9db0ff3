// Sums, means and quantiles as NumPy takes them: in the same order, so that they are equal to the last bit.

const FEW = 8;
const BLOCK = 128;

export type Numbers = ArrayLike<number>;

/** The sum of some numbers, from `start` to before `end`: pairwise, in blocks of at most 128. */
export function sum(values: Numbers, start = 0, end = values.length): number {
  const count = end - start;
  if (count < FEW) {
    let total = 0;
    for (let i = start; i < end; i++) total += values[i];
    return total;
  }
  if (count <= BLOCK) return sumOfBlock(values, start, end);
  const half = Math.floor(count / 2);
  const middle = start + half - (half % FEW);
  return sum(values, start, middle) + sum(values, middle, end);
}

/** The sum by eight running totals. */
function sumOfBlock(values: Numbers, start: number, end: number): number {
  let [a, b, c, d] = [values[start], values[start + 1], values[start + 2], values[start + 3]];
  let [e, f, g, h] = [values[start + 4], values[start + 5], values[start + 6], values[start + 7]];
  let i = start + FEW;
  for (; i + FEW <= end; i += FEW) {
    a += values[i];
    b += values[i + 1];
    c += values[i + 2];
    d += values[i + 3];
    e += values[i + 4];
    f += values[i + 5];
    g += values[i + 6];
    h += values[i + 7];
  }
  let total = a + b + (c + d) + (e + f + (g + h));
  for (; i < end; i++) total += values[i];
  return total;
}

export function mean(values: Numbers, start = 0, end = values.length): number {
  return sum(values, start, end) / (end - start);
}

export function sorted(values: Numbers): Float64Array {
  return Float64Array.from(values).sort();
}

/** The median of at least one value. */
export function median(values: Numbers): number {
  const ascending = sorted(values);
  const middle = ascending.length >> 1;
  return ascending.length % 2 ? ascending[middle] : mean(ascending, middle - 1, middle + 1);
}

/** The quantile of ascending values, interpolated between the two that are nearest: NumPy's default. */
export function quantile(ascending: Numbers, fraction: number): number {
  const place = fraction * (ascending.length - 1);
  const below = Math.min(Math.max(Math.floor(place), 0), ascending.length - 1);
  const [low, high] = [ascending[below], ascending[Math.min(below + 1, ascending.length - 1)]];
  const rest = place - below;
  // From the nearer end, as NumPy does.
  return rest < 0.5 ? low + (high - low) * rest : high - (high - low) * (1 - rest);
}

/** Whether all values are the same number; there is at least one. */
export function areEqual(values: Numbers): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
