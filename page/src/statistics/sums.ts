// Sums, means and quantiles.

export type Numbers = ArrayLike<number>;

/** The sum of some numbers, from `start` to before `end`. */
export function sum(values: Numbers, start = 0, end = values.length): number {
  let total = 0;
  for (let i = start; i < end; i++) total += values[i];
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
  return quantile(sorted(values), 0.5);
}

/** The quantile of ascending values, interpolated between the two that are nearest: NumPy's default. */
export function quantile(ascending: Numbers, fraction: number): number {
  const place = fraction * (ascending.length - 1);
  const below = Math.floor(place);
  const [low, high] = [ascending[below], ascending[Math.min(below + 1, ascending.length - 1)]];
  return low + (high - low) * (place - below);
}
