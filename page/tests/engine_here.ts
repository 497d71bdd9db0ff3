// The engine in Node, for tests.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

import { Engine, type Contents } from "../src/engine/engine.ts";

declare const PAGE_FOLDER: string;

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it behind this flag

const built = (name: string) => readFileSync(join(PAGE_FOLDER, "../src/mlplab/wasm/built", name));

export function startEngine(): Promise<Engine> {
  const contents = JSON.parse(built("engine.json").toString()) as Contents;
  return Engine.start(contents, { fused: () => built("fused.wasm"), exact: () => built("exact.wasm") });
}
