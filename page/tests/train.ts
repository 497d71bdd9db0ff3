// Train experiments by the module, as a test of Python's asks: JSON comes in, JSON goes out.
//
//   node train.mjs FOLDER < CASES

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

import { trainBlock, type Trained } from "../src/engine/block.ts";
import { Engine, type Contents } from "../src/engine/engine.ts";
import type { Experiment } from "../src/engine/experiment.ts";
import type { FiniteSamples } from "../src/engine/finite.ts";
import type { Layer } from "../src/engine/layout.ts";
import { Stepper } from "../src/engine/stepper.ts";

interface Case {
  readonly experiment: Experiment;
  readonly seeds: readonly string[];
  readonly module: "fused" | "exact";
  /** In how many updates at a time one network is trained; 0 for a block. */
  readonly updates: number;
  /** Points on which outputs are asked for. */
  readonly points: readonly number[];
  /** The samples, where no recipe draws them. */
  readonly finite?: Omit<FiniteSamples, "x"> & { readonly x: readonly number[] };
}

setFlagsFromString("--experimental-wasm-relaxed-simd"); // Node 20 has it behind this flag

const folder = process.argv[2];
const module = (name: string) => () => readFileSync(join(folder, `${name}.wasm`));
const modules = { fused: module("fused"), exact: module("exact") };
const contents = JSON.parse(readFileSync(join(folder, "engine.json"), "utf8")) as Contents;
const engines = { fused: await Engine.start(contents, modules), exact: await Engine.exact(contents, modules) };
const hex = (numbers: Float32Array | Float64Array) =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("hex");
const layers = (all: readonly Layer[]) => all.map(({ weights, biases }) => [hex(weights), hex(biases)]);

const finiteOf = ({ finite }: Case) =>
  finite === undefined ? null : { ...finite, x: Float64Array.from(finite.x) };

function alone(engine: Engine, each: Case) {
  const { experiment, seeds, updates, points } = each;
  return engine.within(() => {
    const stepper = new Stepper(engine, experiment, BigInt(seeds[0]), finiteOf(each));
    const total = experiment.training.epochs * stepper.updatesPerEpoch;
    while (stepper.step < total && !stepper.diverged && !stepper.stopped)
      stepper.train(Math.min(updates, total - stepper.step));
    stepper.restoreBestWeights();
    const scores = (["train", "validation", "test"] as const).map((split) => stepper.score(split));
    return [
      {
        history: hex(stepper.history),
        penalties: hex(stepper.penalties),
        scores: scores.map(({ loss, metric }) => hex(Float64Array.of(loss, metric))),
        predicted: scores[0].predicted,
        layers: layers(stepper.layers),
        outputs: hex(stepper.responses(points)),
      },
    ];
  });
}

function together(trained: readonly Trained[]) {
  return trained.map(({ history, penalties, train, validation, test, layers: network }) => ({
    history: hex(history),
    penalties: hex(penalties),
    scores: [train, validation, test].map(({ loss, metric }) => hex(Float64Array.of(loss, metric))),
    predicted: train.predicted,
    layers: layers(network),
    outputs: "",
  }));
}

const cases = JSON.parse(readFileSync(0, "utf8")) as readonly Case[];
const done = cases.map((each) => {
  const engine = engines[each.module];
  if (each.updates > 0) return alone(engine, each);
  return together(trainBlock(engine, each.experiment, each.seeds.map(BigInt), finiteOf(each)));
});
process.stdout.write(JSON.stringify({ fused: engines.fused.fused, done }));
