// Many tests at once, and counts that differ: Holm's correction, and McNemar's exact test.

/** Correct the p-values of a family: `mlplab.statistics.holm`. */
export function holm(pValues: readonly number[]): number[] {
  const ascending = pValues.map((_, i) => i).sort((a, b) => pValues[a] - pValues[b]);
  const corrected = [...pValues];
  let largest = 0;
  ascending.forEach((at, i) => {
    largest = Math.max(largest, (pValues.length - i) * pValues[at]);
    corrected[at] = Math.min(1, largest);
  });
  return corrected;
}

/** The two-sided p-value of the hypothesis that each of some seeds is of one kind or the other with probability 1/2. */
export function fewerPValue(one: number, other: number): number {
  const n = one + other;
  const fewest = Math.min(one, other);
  let probability = 2 ** -n;
  let tail = 0;
  for (let k = 0; k <= fewest; k++) {
    tail += probability;
    probability *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}
