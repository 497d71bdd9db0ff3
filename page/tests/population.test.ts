// Sixteen networks at once come out as one by one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { trainBlock } from "../src/engine/block.ts";
import { PRESETS } from "../src/state/presets.ts";
import { blockSize, trainSeeds } from "../src/worker/population.ts";
import { startEngine } from "./engine_here.ts";

const engine = await startEngine();
const experiment = (title: string, epochs: number) => {
  const preset = PRESETS.find((each) => each.title === title);
  if (preset === undefined) throw new Error(`no preset ${title}`);
  return { ...preset.experiment, training: { ...preset.experiment.training, epochs } };
};

test("narrow networks are trained in blocks, and wide ones one by one", () => {
  assert.equal(blockSize(experiment("1.1  two clouds, batch 16", 4)), 16);
  assert.equal(blockSize(experiment("1.2  two rings, relu", 4)), 16);
  assert.equal(blockSize(experiment("more  xor", 4)), 1);
  assert.equal(blockSize(experiment("1.4  five rings, Adam", 4)), 1);
});

test("one by one, networks come out as in a block", () => {
  const wide = experiment("more  xor", 3);
  const seeds = ["4", "18446744073709551615"];
  const together = trainBlock(engine, wide, seeds.map(BigInt));
  const apart = trainSeeds(engine, wide, seeds);
  assert.deepEqual(
    apart.map(({ seed, loss, accuracy }) => [seed, loss, accuracy]),
    together.map(({ seed, test: score }) => [String(seed), score.loss, score.accuracy]),
  );
});
