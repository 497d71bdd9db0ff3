// Whole numbers at random, the same for ever: `mlplab.streams.integers`, by SplitMix64 in words of 32 bits.

/** SplitMix64's increment, 2^64 over the golden ratio. */
const GOLDEN_HIGH = 0x9e3779b9;
const GOLDEN_LOW = 0x7f4a7c15;

/** Begin to draw from a key: each call fills `out` with the next numbers, all below `below`, at most 2^21. */
export function integers(key: bigint): (below: number, out: Uint32Array) => void {
  const state = Uint32Array.of(Number((key >> 32n) & 0xffffffffn), Number(key & 0xffffffffn));
  return (below, out) => {
    let [high, low] = state;
    for (let i = 0; i < out.length; i++) {
      const total = low + GOLDEN_LOW;
      high = (high + GOLDEN_HIGH + (total > 0xffffffff ? 1 : 0)) >>> 0;
      low = total >>> 0;
      out[i] = Math.floor((upperOutput(high, low) * below) / 2 ** 32);
    }
    state.set([high, low]);
  };
}

/** The upper 32 bits of SplitMix64's output for a state, which is given in two words. */
function upperOutput(high: number, low: number): number {
  // z = (z ^ (z >> 30)) · 0xBF58476D1CE4E5B9
  let mixedHigh = (high ^ (high >>> 30)) >>> 0;
  let mixedLow = (low ^ ((low >>> 30) | (high << 2))) >>> 0;
  let productHigh = upperProduct(mixedHigh, mixedLow, 0xbf58476d, 0x1ce4e5b9);
  const productLow = Math.imul(mixedLow, 0x1ce4e5b9) >>> 0;
  // z = (z ^ (z >> 27)) · 0x94D049BB133111EB
  mixedHigh = (productHigh ^ (productHigh >>> 27)) >>> 0;
  mixedLow = (productLow ^ ((productLow >>> 27) | (productHigh << 5))) >>> 0;
  productHigh = upperProduct(mixedHigh, mixedLow, 0x94d049bb, 0x133111eb);
  // z ^ (z >> 31)
  return (productHigh ^ (productHigh >>> 31)) >>> 0;
}

/** The upper word of a product of two numbers of 64 bits, modulo 2^64. */
function upperProduct(high: number, low: number, factorHigh: number, factorLow: number): number {
  // Products of 32 and 16 bits are exact in a double.
  const above = low * (factorLow >>> 16) + Math.floor((low * (factorLow & 0xffff)) / 65536);
  const carried = Math.floor(above / 65536);
  return (carried + Math.imul(low, factorHigh) + Math.imul(high, factorLow)) >>> 0;
}
