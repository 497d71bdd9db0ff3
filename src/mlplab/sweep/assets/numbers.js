// The map's numbers: what is known of each cell, row by row from y's first value.

/** Return the bytes of a text in base64, inflated. */
async function inflated(text) {
  const packed = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Return the arrays that the description lists, by their names.
 *
 * An array's bytes lie in planes: the first of all cells, then the second, and so on. Those of `float`
 * are the upper ones of numbers with 32 bits; those of `count` are whole numbers.
 */
function unpacked(bytes, arrays, cells) {
  const found = {};
  let start = 0;
  for (const { name, kind, width } of arrays) {
    const whole = new Uint32Array(cells);
    for (let plane = 0; plane < width; plane++) {
      const shift = 8 * (kind === "float" ? 3 - plane : width - 1 - plane);
      for (let i = 0; i < cells; i++) whole[i] |= bytes[start + i] << shift;
      start += cells;
    }
    found[name] = kind === "float" ? new Float32Array(whole.buffer) : whole;
  }
  return found;
}

/** What the page knows of each cell, by the measure's name. */
class Cells {
  constructor(description, arrays) {
    this.measures = description.measures;
    this.arrays = arrays;
    this.count = description.x.labels.length * description.y.labels.length;
  }

  /** Return one cell's numbers. */
  at(cell, measure) {
    const mean = this.arrays[`${measure.name} mean`][cell];
    const half = this.arrays[`${measure.name} half`][cell];
    const [least, greatest] = measure.bounds;
    return {
      trained: this.arrays.trained[cell],
      stuck: this.arrays.stuck[cell],
      diverged: this.arrays.diverged[cell],
      count: this.arrays[`${measure.name} count`][cell],
      mean,
      low: Math.max(least ?? -Infinity, mean - half),
      high: Math.min(greatest ?? Infinity, mean + half),
      isAlike: measure.has_alike && this.arrays[`${measure.name} alike`][cell] === 1,
    };
  }

  /** Return what is shown of each cell; NaN where nothing is known. */
  field(quantity, measure) {
    const { trained, stuck, diverged } = this.arrays;
    if (quantity === "mean") return this.arrays[`${measure.name} mean`];
    return Float32Array.from({ length: this.count }, (_, cell) => {
      if (quantity === "failed") return (stuck[cell] + diverged[cell]) / trained[cell];
      if (quantity === "stuck") return stuck[cell] / trained[cell];
      if (quantity === "diverged") return diverged[cell] / trained[cell];
      const { low, high } = this.at(cell, measure);
      return high - low;
    });
  }
}
