// How long a module takes to train: `mlplab bench` asks by a line of JSON for each training, and is answered by one.
//
//   node speed.mjs FOLDER
//
// The first line of the answer says who answers. FOLDER has both modules and engine.json.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";

import { trainBlock } from "../engine/block.ts";
import { Engine, type Contents } from "../engine/engine.ts";
import type { Experiment } from "../engine/experiment.ts";
import type { Layer } from "../engine/layout.ts";
import { Stepper } from "../engine/stepper.ts";

/** A training that is to be timed. */
interface Asked {
  readonly experiment: Experiment;
  readonly module: "fused" | "exact";
  /** One network is trained by itself, without drawing; more are a block, whose drawing and scores count. */
  readonly seeds: readonly string[];
  /** SHA-256 of the weights as Python trained them. */
  readonly weights: string;
}

/** What it took. */
interface Answer {
  readonly seconds: number;
  /** Seconds of the processor, of all threads together. */
  readonly processor: number;
  /** Whether the weights are those that Python trained. */
  readonly right: boolean;
}

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it behind this flag

const folder = process.argv[2];
const module = (name: string) => () => readFileSync(join(folder, `${name}.wasm`));
const modules = { fused: module("fused"), exact: module("exact") };
const contents = JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")) as Contents;
const engines = { fused: await Engine.start(contents, modules), exact: await Engine.exact(contents, modules) };

/** Do some work; return what it took, with what came of it. */
function timed<R>(work: () => R) {
  const [processor, clock] = [process.cpuUsage(), performance.now()];
  const result = work();
  const seconds = (performance.now() - clock) / 1e3;
  const { user, system } = process.cpuUsage(processor);
  return { seconds, processor: (user + system) / 1e6, result };
}

/** SHA-256 of W and b of each layer, of one network after another. */
function digest(networks: readonly (readonly Layer[])[]): string {
  const hash = createHash("sha256");
  for (const { weights, biases } of networks.flat())
    for (const { buffer, byteOffset, byteLength } of [weights, biases])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex");
}

function answer({ experiment, module, seeds, weights }: Asked): Answer {
  const engine = engines[module];
  if (seeds.length > 1) {
    const { result, ...taken } = timed(() => trainBlock(engine, experiment, seeds.map(BigInt)));
    return { ...taken, right: digest(result.map(({ layers }) => layers)) === weights };
  }
  return engine.within(() => {
    const stepper = new Stepper(engine, experiment, BigInt(seeds[0]));
    const { result: _, ...taken } = timed(() => stepper.train(experiment.training.epochs * stepper.updatesPerEpoch));
    return { ...taken, right: digest([stepper.layers]) === weights };
  });
}

function write(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

write({ node: process.version, fused: engines.fused.fused });
for await (const line of createInterface({ input: process.stdin })) write(answer(JSON.parse(line) as Asked));
