// Numbers as Python writes and rounds them: halves go to the even digit.

/** A finite number below 1e21 with so many digits after the point: Python's `f"{value:.2f}"`. */
export function writeFixed(value: number, digits: number): string {
  // A number lies just between two decimals if it is an odd multiple of 2^-(digits + 1).
  const size = Math.abs(value);
  const isBetween = (size * 2 ** (digits + 1)) % 2 === 1;
  const below = Math.floor(size * 10 ** digits);
  const nearest = isBetween ? (below + (below % 2)) / 10 ** digits : size;
  return (value < 0 || Object.is(value, -0) ? "-" : "") + nearest.toFixed(digits);
}

/** The whole number that is nearest; of two, the even one: Python's `round`. */
export function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
