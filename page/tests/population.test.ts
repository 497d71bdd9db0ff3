// Sixteen networks at once come out as one by one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { trainBlock } from "../src/engine/block.ts";
import { PRESETS } from "../src/state/presets.ts";
import type { SetUp } from "../src/studies/set_up.ts";
import { blockSize, trainSeeds } from "../src/worker/population.ts";
import { startEngine } from "./engine_here.ts";

const engine = await startEngine();
const setUp = (title: string, training: object, network: object = {}): SetUp => {
  const preset = PRESETS.find((each) => each.title === title);
  if (preset === undefined) throw new Error(`no preset ${title}`);
  const { experiment } = preset;
  const changed = { training: { ...experiment.training, ...training }, network: { ...experiment.network, ...network } };
  return { experiment: { ...experiment, ...changed }, samples: null };
};
const WIDE = { hidden_layers: 2, layer_width: 24, activation: "relu" };

test("narrow networks are trained in blocks, and wide ones one by one", () => {
  assert.equal(blockSize(setUp("1.1  two clouds, batch 16", {})), 16);
  assert.equal(blockSize(setUp("1.2  two rings, relu", {})), 16);
  assert.equal(blockSize(setUp("more  xor", {}, WIDE)), 1);
  assert.equal(blockSize(setUp("1.4  five rings, Adam", {})), 1);
});

test("one by one, networks come out as in a block", () => {
  const wide = setUp("more  xor", { epochs: 3 }, WIDE);
  const seeds = ["4", "18446744073709551615"];
  const together = trainBlock(engine, wide.experiment, seeds.map(BigInt));
  assert.deepEqual(
    trainSeeds(engine, wide, seeds).map(({ seed, accuracy }) => [seed, accuracy]),
    together.map(({ seed, test: score }) => [String(seed), score.accuracy]),
  );
});

test("own points are trained on, alone and in a block", () => {
  const x = Float64Array.from({ length: 48 }, (_, i) => Math.sin(i) + (i % 4 < 2 ? 2 : -2));
  const y = Array.from({ length: 24 }, (_, i) => i % 2);
  const samples = { x, features: 2, y, classes: 2, labelNames: ["0", "1"], split: y.map((_, i) => Math.floor(i / 2) % 3) };
  for (const network of [{}, WIDE]) {
    const [run] = trainSeeds(engine, { ...setUp("1.2  two rings, relu", { epochs: 30 }, network), samples }, ["1"]);
    assert.deepEqual([run.seed, run.ending, run.accuracy > 0.5], ["1", "finished", true]);
  }
});

test("a network that diverged is said to have, and one whose outputs are all alike to be stuck", () => {
  const at = (learning_rate: number) =>
    setUp("1.2  two rings, relu", { epochs: 2, optimizer: { kind: "sgd", learning_rate, momentum: 0, nesterov: false } });
  const endings = (learning_rate: number) => trainSeeds(engine, at(learning_rate), ["1", "2"]).map(({ ending }) => ending);
  assert.deepEqual(endings(1e38), ["diverged", "diverged"]);
  assert.deepEqual(endings(1e-9), ["stuck", "stuck"]);
});
