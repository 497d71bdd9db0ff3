// Own points as acts of the state: what is trained, what is shown, and what can be undone.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Action } from "../src/state/actions.ts";
import type { OwnPointsAction } from "../src/state/own_points.ts";
import { isLacking, pointsOnPlane } from "../src/state/point_set.ts";
import type { State } from "../src/state/state.ts";
import { isWaiting, wantedOf } from "../src/state/training.ts";
import { FASTEST, shown, together } from "./together.ts";

const own = (act: OwnPointsAction): Action => ({ kind: "own_points", act });
const add = (x1: number, x2: number) => own({ kind: "add", x1, x2 });
const label = (text: string) => own({ kind: "choose_class", label: text });

/** Four points of each of two classes. */
const DRAWN: readonly Action[] = [
  own({ kind: "draw_own" }),
  ...[0.1, 0.2, 0.3, 0.2].map((x) => add(x, x / 2)),
  label("1"),
  ...[0.7, 0.8, 0.9, 0.8].map((x) => add(x, x / 2)),
];

const pointsOf = (state: State) => state.ownPoints.set?.points.map(({ x1, x2, label: name }) => [x1, x2, name]);
const point = (state: State, i: number) => state.ownPoints.set?.points[i] ?? assert.fail();
const drawn = () => {
  const page = together();
  page.settle();
  page.act(...DRAWN);
  page.settle();
  return page;
};

test("points that are enough are trained on, split as they were clicked, on the plane where they were clicked", () => {
  const page = drawn();
  page.act({ kind: "train_epoch" });
  const state = page.settle();
  const { splits } = pointsOnPlane(state) ?? assert.fail();
  assert.deepEqual([splits.train.y.length, splits.validation.y.length, splits.test.y.length], [4, 2, 2]);
  assert.deepEqual([...splits.test.x], [0.3, 0.15, 0.9, 0.45].map(Math.fround));
  assert.deepEqual(state.points?.splits, splits); // of the worker
  assert.deepEqual(state.points?.extent, state.ownPoints.set?.plane.extent);
  assert.deepEqual([shown(state).step, shown(state).answers.test?.length], [1, 2]);
  assert.equal(state.shownSplits, "all");
});

test("drawing begins with the adding tool, and a dataset that comes back takes it away", () => {
  const page = together();
  page.act(own({ kind: "draw_own" }));
  assert.equal(page.state.ownPoints.tool, "add");
  page.act(own({ kind: "back_to_dataset" }));
  assert.equal(page.state.ownPoints.tool, "look");
});

test("while points are too few nothing trains, and what ran before is not said to be of them", () => {
  const page = together();
  page.act({ kind: "set_speed", speed: FASTEST }, { kind: "set_stop_rule", stopRule: "never" }, { kind: "toggle_play" });
  page.pass();
  page.pass();
  page.act(...DRAWN.slice(0, 3));
  page.pass();
  page.pass();
  const { state } = page;
  const { result } = state;
  assert.deepEqual([state.playing, isLacking(state), isWaiting(state)], [false, true, false]);
  assert.ok(result !== null && result.training !== state.training);
  assert.match(state.ownPoints.set?.missing ?? "", /two classes/);
  assert.equal(wantedOf(state).experiment, null);
  for (const kind of ["toggle_play", "train_update", "train_epoch"] as const) {
    page.act({ kind });
    page.pass();
    assert.match(page.state.message ?? "", /no network of these points yet/);
    assert.equal(page.state.result, result);
    assert.equal(page.state.acts.length, 0);
  }
  page.act(...DRAWN.slice(3));
  assert.equal(shown(page.settle()).training, page.state.training);
});

test("a set-up that is changed while points are too few is that of the training that follows", () => {
  const page = together();
  page.act(...DRAWN.slice(0, 6));
  const { experiment } = page.state;
  page.act({ kind: "set_experiment", experiment: { ...experiment, network: { ...experiment.network, layer_width: 3 } } });
  page.act(...DRAWN.slice(6));
  assert.deepEqual(shown(page.settle()).sizes, [2, 3, 2]);
});

test("adding a point while it trains begins anew, says so, and trains on", () => {
  const page = drawn();
  assert.equal(page.state.ownPoints.said, "");
  page.act({ kind: "set_stop_rule", stopRule: "never" }, { kind: "set_speed", speed: FASTEST }, { kind: "toggle_play" });
  page.pass();
  page.pass();
  const { training } = page.state;
  page.act(add(0.5, 0.5));
  assert.deepEqual([page.state.training, page.state.playing], [training + 1, true]);
  assert.match(page.state.ownPoints.said, /began anew/);
  for (let i = 0; i < 20; i++) page.pass();
  assert.deepEqual([shown(page.state).training, page.state.playing], [training + 1, true]);
});

test("a point that is removed so that too few are left stops the training", () => {
  const page = drawn();
  page.act({ kind: "set_stop_rule", stopRule: "never" }, { kind: "toggle_play" });
  page.act(own({ kind: "remove", point: point(page.state, 1) }));
  assert.deepEqual([page.state.playing, isLacking(page.state)], [false, true]);
});

test("two points that are removed before the page is drawn again are those two", () => {
  const page = drawn();
  const before = page.state.ownPoints.set?.points ?? [];
  page.act(...[0, 1, 1].map((i) => own({ kind: "remove", point: before[i] })));
  assert.deepEqual(page.state.ownPoints.set?.points, before.slice(2));
});

test("every act on own points can be undone and done again, Draw own and a dataset that comes back, too", () => {
  const page = together();
  const acts: readonly (Action | ((state: State) => Action))[] = [
    ...DRAWN,
    (state) => own({ kind: "move", point: point(state, 0), x1: 5, x2: 6 }),
    (state) => own({ kind: "set_class", point: point(state, 1) }),
    own({ kind: "add_class" }),
    (state) => own({ kind: "remove", point: point(state, 0) }),
    own({ kind: "clear" }),
    own({ kind: "open", points: [{ x1: 1, x2: 2, label: "b", split: "test" }] }),
    own({ kind: "back_to_dataset" }),
    own({ kind: "draw_own" }),
    { kind: "choose_preset", title: "more  xor" },
  ];
  const seen = ({ state }: typeof page) =>
    JSON.stringify([pointsOf(state), state.ownPoints.set?.offered, state.experiment.dataset]);
  const states = [seen(page)];
  for (const act of acts) {
    page.act(typeof act === "function" ? act(page.state) : act);
    if (seen(page) !== states.at(-1)) states.push(seen(page));
  }
  assert.equal(states.length, acts.length); // all but the choice of a class
  for (const before of states.slice(0, -1).reverse()) {
    page.act(own({ kind: "undo" }));
    assert.equal(seen(page), before);
  }
  const first = page.state;
  page.act(own({ kind: "undo" }));
  assert.equal(page.state, first);
  for (const after of states.slice(1)) {
    page.act(own({ kind: "redo" }));
    assert.equal(seen(page), after);
  }
  page.act(own({ kind: "undo" }), add(1, 1));
  assert.deepEqual(page.state.ownPoints.future, []);
});

test("back to a dataset is back to the former one, with the network as it is now", () => {
  const page = together();
  page.act({ kind: "choose_preset", title: "more  xor" });
  const { dataset } = page.state.experiment;
  page.act(...DRAWN);
  const network = { ...page.state.experiment.network, layer_width: 4 };
  page.act({ kind: "set_experiment", experiment: { ...page.state.experiment, network } });
  page.act(own({ kind: "back_to_dataset" }));
  assert.deepEqual(page.state.experiment.dataset, dataset);
  assert.deepEqual(shown(page.settle()).sizes, [2, 4, 2]);
});

test("a class more to choose from trains nothing anew; of too many the last is refused", () => {
  const page = drawn();
  const { training } = page.state;
  for (let i = 0; i < 8; i++) page.act(own({ kind: "add_class" }));
  assert.deepEqual([page.state.training, page.state.ownPoints.label], [training, "9"]);
  page.act(own({ kind: "add_class" }));
  assert.match(page.state.message ?? "", /at most 10 classes, received 11/);
  page.act(own({ kind: "undo" }));
  assert.deepEqual([page.state.training, page.state.ownPoints.label], [training, "0"]);
});

test("a point too far away, and points that float32 cannot tell apart, are refused", () => {
  const page = drawn();
  const { set } = page.state.ownPoints;
  page.act(add(1000001, 0));
  assert.match(page.state.message ?? "", /must lie between -1,000,000 and 1,000,000, received 1000001.0/);
  page.act(own({ kind: "move", point: point(page.state, 0), x1: NaN, x2: 0 }));
  assert.match(page.state.message ?? "", /received nan/);
  assert.equal(page.state.ownPoints.set, set);
  const blurred = [0, 0.01].map((x1) => ({ x1: 999999 + x1, x2: 0, label: "a", split: "train" as const }));
  page.act(own({ kind: "open", points: blurred }));
  assert.match(page.state.message ?? "", /float32 can tell/);
  assert.equal(page.state.ownPoints.set, set);
});

test("classes are numbered and named as in a file", () => {
  const page = together();
  const at = (x1: number, name: string) => ({ x1, x2: -x1, label: name, split: "train" as const });
  page.act(own({ kind: "open", points: [at(1, "10"), at(2, "9"), at(3, "10")] }));
  const { set } = page.state.ownPoints;
  assert.deepEqual([set?.classes, set?.samples.y, set?.samples.classes], [["9", "10"], [1, 0, 1], 2]);
});
