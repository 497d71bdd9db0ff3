// When a landscape is asked for, with which path, and what becomes of what is found.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isComputing, landscapeNow, type LandscapeAction } from "../src/state/landscape.ts";
import { landscapeWanted, OTHERS } from "../src/state/landscape_update.ts";
import type { Landscape } from "../src/worker/messages.ts";
import { together } from "./together.ts";

const found = (number: number, isDone: boolean): LandscapeAction => ({
  kind: "found",
  found: { kind: "landscape_found", number, trained: 0, landscape: { side: isDone ? 49 : 7 } as Landscape, why: "", isDone },
});

test("a landscape is asked for where it is looked at and the training stands, with the whole path", () => {
  const page = together();
  page.act({ kind: "train_epoch" });
  page.settle();
  assert.equal(isComputing(page.state), false);
  page.act({ kind: "open_tab", tab: "loss" });
  const state = page.settle();
  const wanted = landscapeWanted(state)!;
  const steps = wanted.path.map(({ step }) => step);
  assert.deepEqual([wanted.plane, wanted.others, steps[0], steps.at(-1)], ["path", 0, 0, state.result!.step]);
  assert.ok(steps.length > 3);
  assert.equal(state.result!.path, null);
});

test("there is none before the first update, nor of a training that goes on", () => {
  const page = together();
  page.act({ kind: "open_tab", tab: "loss" });
  assert.equal(isComputing(page.settle()), false);
  page.act({ kind: "landscape", act: { kind: "draw" } });
  assert.equal(isComputing(page.settle()), false);
});

test("what is found is shown as it becomes finer; what is late or of another training is dropped", () => {
  const page = together();
  const act = (made: LandscapeAction) => page.act({ kind: "landscape", act: made });
  page.act({ kind: "open_tab", tab: "loss" }, { kind: "train_epoch" });
  const { number } = landscapeWanted(page.settle())!;
  act(found(number, false));
  assert.deepEqual([landscapeNow(page.state)?.side, isComputing(page.state)], [7, true]);
  act({ kind: "choose_plane", plane: "random" });
  page.settle();
  act(found(number, true));
  assert.equal(landscapeNow(page.state), null);
  act(found(number + 1, true));
  assert.deepEqual([landscapeNow(page.state)?.side, isComputing(page.state), landscapeWanted(page.state)], [49, false, null]);
  page.act({ kind: "train_epoch" });
  page.settle();
  assert.equal(isComputing(page.state), false); // the first epochs are drawn once, then on a button and at the end
  assert.equal(landscapeNow(page.state)?.side, 49);
  page.act({ kind: "next_seed" });
  page.settle();
  assert.deepEqual([landscapeNow(page.state), isComputing(page.state)], [null, false]);
});

test("a hundred are of plain trainings", () => {
  const page = together();
  page.act({ kind: "open_tab", tab: "loss" }, { kind: "train_epoch" });
  page.settle();
  page.act({ kind: "landscape", act: { kind: "of_hundred", on: true } });
  assert.equal(landscapeWanted(page.settle())!.others, OTHERS);
  page.act({ kind: "set_number", place: { layer: 0, output: 0, source: null }, value: 2 });
  page.settle();
  page.act({ kind: "landscape", act: { kind: "draw" } });
  assert.equal(landscapeWanted(page.settle())!.others, 0);
});

test("a path comes though messages are lost", () => {
  for (let seed = 1; seed <= 5; seed++) {
    let number = seed;
    const fates = ["kept", "lost", "doubled", "late"] as const;
    const page = together(() => fates[(number = (number * 48271) % 2147483647) % 4]);
    page.act({ kind: "open_tab", tab: "loss" }, { kind: "train_epoch" });
    page.settle();
    page.act({ kind: "landscape", act: { kind: "draw" } });
    const wanted = landscapeWanted(page.settle());
    assert.equal(wanted?.path.at(-1)?.step, page.state.result?.step);
  }
});
