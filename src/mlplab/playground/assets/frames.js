// Reads what frames.py packs: a little JSON, then arrays, as the machine has them.

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, 4, length));
  const { meta, arrays: placed } = JSON.parse(text);
  const body = Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, [kind, shape, place]] of Object.entries(placed)) {
    const count = shape.reduce((product, n) => product * n, 1);
    arrays[name] = new ARRAYS[kind](buffer, body + place, count);
    arrays[name].shape = shape;
  }
  return { meta, arrays };
}
