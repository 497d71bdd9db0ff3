// Linear regions by the modules, as a test of Python's asks: JSON comes in, JSON goes out.
//
//   node linear_regions.mjs FOLDER < CASES

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

import { Engine, type Contents } from "../src/engine/engine.ts";
import { linearRegions } from "../src/engine/linear_regions.ts";

interface Case {
  readonly module: "fused" | "exact";
  readonly sizes: readonly number[];
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly (readonly number[])[];
  readonly activations: readonly string[];
  readonly classes: number;
  readonly box: readonly [number, number, number, number];
  readonly most: number;
}

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it behind this flag

const folder = process.argv[2];
const module = (name: string) => () => readFileSync(join(folder, `${name}.wasm`));
const modules = { fused: module("fused"), exact: module("exact") };
const contents = JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")) as Contents;
const engines = { fused: await Engine.start(contents, modules), exact: await Engine.exact(contents, modules) };
const hex = (numbers: Float64Array) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("hex");

const answers = (JSON.parse(readFileSync(0, "utf8")) as Case[]).map((each) => {
  const layers = each.weights.map((weights, layer) => ({
    weights: Float32Array.from(weights),
    biases: Float32Array.from(each.biases[layer]),
  }));
  const began = performance.now();
  const found = linearRegions(engines[each.module], { ...each, layers }, each.box, each.most);
  const milliseconds = performance.now() - began;
  if (typeof found === "string") return { none: found };
  return { count: found.count, edges: hex(found.edges), boundary: hex(found.boundary), milliseconds };
});
process.stdout.write(JSON.stringify(answers));
