// The state changes by actions alone; page and worker come together whatever becomes of their messages.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Action } from "../src/state/actions.ts";
import { changes, describeChange, isPlain, setUp } from "../src/state/provenance.ts";
import { presetOf } from "../src/state/presets.ts";
import { howItStopped, howToGoOn } from "../src/state/stopping.ts";
import { isWaiting } from "../src/state/training.ts";
import { FASTEST, shown, together } from "./together.ts";

test("six clicks on +1 update are six updates", () => {
  const page = together();
  page.settle();
  page.act(...Array.from({ length: 6 }, (): Action => ({ kind: "train_update" })));
  assert.equal(shown(page.settle()).step, 6);
});

test("a preset is played to the end of its epochs, and play says then what to raise", () => {
  const page = together();
  page.act({ kind: "set_speed", speed: FASTEST }, { kind: "toggle_play" });
  const ended = page.settle();
  assert.deepEqual([shown(ended).step, shown(ended).ending, ended.playing], [1280, "stop rule", false]);
  page.act({ kind: "toggle_play" });
  assert.match(page.state.message ?? "", /raise the epochs/);
  assert.equal(page.state.playing, false);
});

test("messages that are lost, doubled or late change nothing of what comes out", () => {
  const script: readonly Action[] = [
    { kind: "set_speed", speed: FASTEST },
    { kind: "next_seed" },
    { kind: "train_epoch" },
    { kind: "train_update" },
    { kind: "set_number", place: { layer: 0, output: 1, source: null }, value: 0.5 },
    { kind: "train_update" },
    { kind: "train_epoch" },
    { kind: "toggle_play" },
  ];
  const straight = together();
  straight.act(...script);
  const expected = shown(straight.settle());
  for (let seed = 1; seed <= 5; seed++) {
    let number = seed;
    const fates = ["kept", "lost", "doubled", "late"] as const;
    const page = together(() => fates[(number = (number * 48271) % 2147483647) % 4]);
    for (const action of script) {
      page.act(action);
      if (number % 3 === 0 && action.kind !== "toggle_play") page.pass();
    }
    const state = page.settle();
    const result = shown(state);
    assert.deepEqual([result.step, result.actedAt], [expected.step, expected.actedAt], `seed ${seed}`);
    assert.deepEqual(result.layers, expected.layers);
    assert.equal(state.points !== null, true);
  }
});

test("a result of a former training, or an older one, is dropped", () => {
  const page = together();
  const first = shown(page.settle());
  page.act({ kind: "train_epoch" });
  const later = shown(page.settle());
  page.act({ kind: "result", result: first });
  assert.equal(page.state.result, later);
  page.act({ kind: "next_seed" });
  page.act({ kind: "result", result: { ...later, number: later.number + 100 } });
  assert.equal(page.state.result, later); // still shown, and not taken for the new training's
  assert.equal(shown(page.settle()).training, 2);
});

test("learning rate, batch size and epochs change in flight; everything else begins anew", () => {
  const page = together();
  page.act({ kind: "train_epoch" });
  const { experiment } = page.settle();
  const { training } = experiment;
  const inFlight = { ...training, batch_size: 32, epochs: 25 };
  page.act({ kind: "set_experiment", experiment: { ...experiment, training: inFlight } });
  const changed = page.settle();
  assert.equal(changed.training, 1);
  assert.deepEqual(changes(changed).map(describeChange), ["update 64: batch size 16 → 32, epochs 20 → 25"]);
  assert.equal(isPlain(changed), false);
  const network = { ...experiment.network, activation: "tanh" };
  page.act({ kind: "set_experiment", experiment: { ...changed.experiment, network } });
  const anew = page.settle();
  assert.deepEqual([anew.training, shown(anew).step, changes(anew)], [2, 0, []]);
  assert.equal(anew.experiment.training.epochs, 25);
});

test("at one update the last change counts, and what is changed back is none", () => {
  const page = together();
  page.act({ kind: "train_epoch" });
  const { experiment } = page.settle();
  const withSize = (batch_size: number): Action => ({
    kind: "set_experiment",
    experiment: { ...experiment, training: { ...experiment.training, batch_size } },
  });
  const bias = (value: number): Action => ({
    kind: "set_number",
    place: { layer: 0, output: 0, source: null },
    value,
  });
  page.act(withSize(17), withSize(18), withSize(19), bias(1), bias(2));
  const said = ["update 64: batch size 16 → 19", "update 64: bias to neuron 1 of layer 1 set to 2 by hand"];
  assert.deepEqual(changes(page.settle()).map(describeChange), said);
  page.act({ kind: "reset" }, { kind: "train_epoch" }, withSize(17), withSize(19));
  assert.deepEqual(changes(page.settle()), []);
});

test("what is changed before the first update belongs to the set-up", () => {
  const page = together();
  const { experiment } = page.settle();
  const training = { ...experiment.training, batch_size: 64 };
  page.act({ kind: "set_experiment", experiment: { ...experiment, training } }, { kind: "train_epoch" });
  const early = page.settle();
  assert.deepEqual([isPlain(early), setUp(early).training.batch_size], [true, 64]);
  page.act({ kind: "set_experiment", experiment });
  const late = page.settle();
  assert.deepEqual([isPlain(late), setUp(late).training.batch_size], [false, 64]);
});

test("going on from an earlier update keeps what was changed before it, and says what is otherwise", () => {
  const page = together();
  const bias: Action = { kind: "set_number", place: { layer: 0, output: 0, source: null }, value: 2 };
  page.act({ kind: "train_epoch" }, bias, { kind: "train_epoch" });
  const { experiment } = page.settle();
  const training = { ...experiment.training, epochs: 30 };
  page.act({ kind: "set_experiment", experiment: { ...experiment, training } }, { kind: "train_epoch" });
  page.settle();
  page.act({ kind: "look_at", step: 128 });
  assert.equal(shown(page.settle()).shownStep, 128);
  page.act({ kind: "go_on_from_shown" });
  const state = page.settle();
  assert.deepEqual([state.training, shown(state).step, setUp(state).training.epochs], [2, 128, 20]);
  assert.deepEqual(changes(state).map(describeChange), [
    "update 64: bias to neuron 1 of layer 1 set to 2 by hand",
    "update 128: epochs 20 → 30",
  ]);
});

test("one can look back by whole epochs, and is told how to go on from there", () => {
  const page = together();
  page.act({ kind: "look_at_next_epoch", isOn: false }, { kind: "set_speed", speed: FASTEST }, { kind: "toggle_play" });
  const { step, updatesPerEpoch } = shown(page.settle());
  page.act({ kind: "look_at_next_epoch", isOn: false }, { kind: "look_at_next_epoch", isOn: false });
  assert.equal(page.state.lookAt, step - 2 * updatesPerEpoch);
  page.act({ kind: "look_at", step: updatesPerEpoch + 7 }, { kind: "look_at_next_epoch", isOn: false });
  assert.equal(page.state.lookAt, updatesPerEpoch);
  page.settle();
  page.act({ kind: "look_at_next_epoch", isOn: true });
  assert.equal(page.settle().lookAt, 2 * updatesPerEpoch);
  page.act({ kind: "toggle_play" });
  assert.match(page.state.message ?? "", /All 20 epochs are trained.*“Go on from here”/);
});

test("a training of one epoch ended after 1 epoch, and one of many has a comma in their number", () => {
  assert.deepEqual([1, 20, 1000].map((epochs) => howItStopped("epochs", epochs)), [
    "ended after 1 epoch",
    "ended after 20 epochs",
    "ended after 1,000 epochs",
  ]);
  assert.match(howToGoOn("epochs", 1, false), /^The epoch is trained\. To go on, raise the epochs/);
});

test("the preset of task 3 opens its tab", () => {
  const page = together();
  page.act({ kind: "choose_preset", title: "3  a line, by hand" });
  assert.equal(page.state.tab, "line");
  page.act({ kind: "open_tab", tab: "runs" }, { kind: "choose_preset", title: "1.1  two clouds, batch 16" });
  assert.equal(page.state.tab, "runs");
});

test("the stop rule belongs to the preset", () => {
  const page = together();
  page.act({ kind: "set_stop_rule", stopRule: "never" }, { kind: "choose_preset", title: "1.1  two clouds, batch 16" });
  assert.equal(page.state.stopRule, "epochs");
  assert.equal(presetOf(page.state)?.title, "1.1  two clouds, batch 16");
});

test("after a failure nothing is asked again until something else is wanted", () => {
  const page = together();
  page.settle();
  const { experiment } = page.state;
  page.act({ kind: "set_experiment", experiment: { ...experiment, dataset: { ...experiment.dataset, kind: "none" } } });
  assert.throws(() => page.pass());
  page.act({ kind: "failed", sentence: "no such dataset" });
  assert.deepEqual([isWaiting(page.state), page.state.message], [false, "no such dataset"]);
  page.act({ kind: "choose_preset", title: "more  xor" });
  assert.equal(isWaiting(page.state), true);
  assert.equal(shown(page.settle()).training, page.state.training);
});
