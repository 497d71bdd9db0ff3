// Products and sums by both modules: float32 numbers a, b, c, a, b, c, … come in, a · b + c of each go out.
//
//   node multiply_add.mjs FOLDER < NUMBERS
//
// First those of the fused module, where it can be run, then those of the exact one.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it behind this flag

const given = readFileSync(0);
const numbers = new Float32Array(given.buffer.slice(given.byteOffset, given.byteOffset + given.byteLength));
for (const name of ["fused", "exact"]) {
  const bytes = readFileSync(join(process.argv[2], `${name}.wasm`));
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const multiplyAdd = instance.exports["multiply_add"] as (a: number, b: number, c: number) => number;
  const out = new Float32Array(numbers.length / 3);
  for (let i = 0; i < out.length; i++) out[i] = multiplyAdd(numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]);
  process.stdout.write(Buffer.from(out.buffer));
}
