// What all neurons answer over the plane, as small pictures in the rows of one canvas.

const ATLAS_ACROSS = 32; // pictures in a row

// `images`: -127 to 127 for each neuron and point of a grid, whose first row is the lowest.
function paintAtlas(atlas, images, { positive, negative, surface }) {
  const [neurons, points] = images.shape;
  const side = Math.round(Math.sqrt(points));
  const table = new Uint32Array(256);
  for (let value = -127; value <= 127; value++) {
    table[value + 127] = pixel(mix(surface, value > 0 ? positive : negative, Math.abs(value) / 127));
  }
  atlas.width = ATLAS_ACROSS * side;
  atlas.height = Math.ceil(neurons / ATLAS_ACROSS) * side;
  const context = atlas.getContext("2d");
  const data = context.createImageData(atlas.width, atlas.height);
  const pixels = new Uint32Array(data.data.buffer);
  for (let n = 0; n < neurons; n++) {
    const left = (n % ATLAS_ACROSS) * side;
    const top = Math.floor(n / ATLAS_ACROSS) * side;
    for (let i = 0; i < side; i++) {
      const to = (top + side - 1 - i) * atlas.width + left;
      const from = n * points + i * side;
      for (let j = 0; j < side; j++) pixels[to + j] = table[images[from + j] + 127];
    }
  }
  context.putImageData(data, 0, 0);
  return { side, across: ATLAS_ACROSS };
}
