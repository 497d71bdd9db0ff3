// Each training of a visit has its line, with what it came to, and can be gone back to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { triedFile } from "../src/exports/tried_file.ts";
import { canonical } from "../src/state/canonical.ts";
import type { Result } from "../src/worker/messages.ts";
import { presentSetUp } from "../src/state/studies.ts";
import { MOST_TRIED, sayEnding, sayTried } from "../src/state/tried.ts";
import { update } from "../src/state/update.ts";
import { FASTEST, shown, together } from "./together.ts";

test("a training has a line once it has made an update, and keeps it to its end", () => {
  const page = together();
  page.settle();
  assert.deepEqual(page.state.tried.runs, []);
  page.act({ kind: "train_update" });
  page.settle();
  page.act({ kind: "train_epoch" });
  page.settle();
  assert.deepEqual(page.state.tried.runs.map(({ number, updates, epochs }) => [number, updates, epochs]), [[1, 64, 1]]);
  page.act({ kind: "set_speed", speed: FASTEST }, { kind: "toggle_play" });
  const state = page.settle();
  const [run] = state.tried.runs;
  const result = shown(state);
  assert.deepEqual([run.test, run.train, run.seed, run.isPlain], [result.scores.test, result.scores.train, "0", true]);
  assert.equal(sayEnding(run), "ended");
});

test("what differs is told from the run before, from the first, and from A", () => {
  const page = together();
  page.act({ kind: "train_epoch" });
  page.settle();
  page.act({ kind: "enter_field", path: "network.activation", entered: "tanh" }, { kind: "train_epoch" });
  page.settle();
  page.act({ kind: "next_seed" }, { kind: "train_epoch" });
  const state = page.settle();
  const says = (from: "before" | "first" | "kept", i: number) => sayTried(update(state, { kind: "tell_differences", from }), i);
  assert.deepEqual([1, 2].map((i) => says("before", i)), ["activation relu → tanh", ""]);
  assert.deepEqual([1, 2].map((i) => says("first", i)), ["activation relu → tanh", "activation relu → tanh"]);
  assert.deepEqual(state.tried.runs.map(({ seed }) => seed), ["0", "0", "1"]);
  page.act({ kind: "keep_as_a", setUp: state.tried.runs[1].setUp }, { kind: "tell_differences", from: "kept" });
  assert.equal(canonical(page.state.studies.kept?.experiment), canonical(state.experiment));
  assert.equal(sayTried(page.state, 0), "activation tanh → relu");
});

test("a run is set up again, with its seed, and gives the same numbers", () => {
  const page = together();
  page.act({ kind: "set_seed", seed: "5" }, { kind: "train_epoch" });
  page.settle();
  page.act({ kind: "enter_field", path: "dataset.sigma", entered: "0.2" }, { kind: "next_seed" }, { kind: "train_epoch" });
  const { runs } = page.settle().tried;
  page.act({ kind: "set_up", setUp: runs[0].setUp, seed: runs[0].seed }, { kind: "train_epoch" });
  const state = page.settle();
  assert.deepEqual(state.tried.runs.map(({ number }) => number), [1, 2, 3]);
  assert.deepEqual(state.tried.runs[2].test, runs[0].test);
  assert.deepEqual(presentSetUp(state), runs[0].setUp);
});

test("a change on the way, looking back and a late result change no line wrongly", () => {
  const page = together();
  page.act({ kind: "train_epoch" }, { kind: "set_number", place: { layer: 0, output: 0, source: null }, value: 2 }, { kind: "train_epoch" });
  const before = page.settle().tried.runs;
  assert.deepEqual([before[0].isPlain, before[0].updates], [false, 128]);
  page.act({ kind: "look_at", step: 20 });
  assert.deepEqual(page.settle().tried.runs, before);
  page.act({ kind: "look_at", step: null });
  page.act({ kind: "enter_field", path: "training.batch_size", entered: "32" });
  page.act({ kind: "train_epoch" });
  assert.equal(page.settle().tried.runs[0].setUp.experiment.training.batch_size, 16); // as it began
});

test("the oldest lines go where there are too many", () => {
  const page = together();
  page.act({ kind: "train_update" });
  let state = page.settle();
  const result: Result = shown(state);
  for (let i = 0; i < MOST_TRIED + 5; i++) {
    state = update(state, { kind: "reset" });
    state = update(state, { kind: "result", result: { ...result, training: state.training } });
  }
  const { runs, count } = state.tried;
  assert.deepEqual([runs.length, count, runs[0].number], [MOST_TRIED, MOST_TRIED + 6, 7]);
});

test("the file has a row for each run, and a column for each setting that differs", () => {
  const page = together();
  page.act({ kind: "train_epoch" });
  page.settle();
  page.act({ kind: "enter_field", path: "training.batch_size", entered: "32" }, { kind: "reset" }, { kind: "set_seed", seed: "4" }, { kind: "train_epoch" });
  const { tried } = page.settle();
  const [heading, first, second, ...others] = triedFile(tried).split("\n").map((line) => line.split(","));
  assert.deepEqual(others, [[""]]);
  assert.deepEqual(heading.slice(-2), ["ending", "training.batch_size"]);
  assert.deepEqual([first.slice(0, 7), first.at(-1)], [["1", "0", "", "false", "1", "64", "accuracy"], "16"]);
  assert.deepEqual(second.slice(0, 3), ["2", "4", "batch size 16 → 32"]);
  assert.equal(Number(second[heading.indexOf("test_loss")]), tried.runs[1].test.loss);
});
