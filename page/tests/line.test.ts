// Task 3 as acts of the state.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drawnLine, fromLayer } from "../src/boundary/two_classes.ts";
import { writeLine } from "../src/boundary/line.ts";
import type { Action } from "../src/state/actions.ts";
import { appliesLine, type LineAction } from "../src/state/line.ts";
import { changes, describeChange, isPlain } from "../src/state/provenance.ts";
import type { State } from "../src/state/state.ts";
import { clipped, handlesOn, ofNetwork, shifted, through, turned } from "../src/view/line/geometry.ts";
import { shown, together } from "./together.ts";

const line = (act: LineAction): Action => ({ kind: "line", act });
const layers = (state: State) => shown(state).layers[0];
const rows = (state: State) => [[...layers(state).weights], [...layers(state).biases]];
const drawnBy = (state: State) => {
  const drawn = drawnLine(fromLayer(layers(state)));
  return drawn === null ? "none" : writeLine(drawn);
};

function begun() {
  const page = together();
  page.act({ kind: "choose_preset", title: "3  a line, by hand" });
  page.settle();
  return page;
}

test("it applies to two classes without a hidden layer only", () => {
  const page = begun();
  assert.equal(appliesLine(page.state), true);
  page.act({ kind: "choose_preset", title: "1.2  two rings, relu" });
  assert.equal(appliesLine(page.settle()), false);
  const before = page.state;
  page.act(line({ kind: "next_solution" }));
  assert.equal(page.state, before);
});

test("solutions are put in, and labels switched; provenance says so once, and training goes on from there", () => {
  const page = begun();
  page.act(line({ kind: "lab_solution", name: "equation 12" }));
  assert.deepEqual(rows(page.settle()), [[2, 1, 3, 2], [0.5, -0.5]]);
  page.act(line({ kind: "switch_labels" }));
  assert.deepEqual(rows(page.settle()), [[3, 2, 2, 1], [-0.5, 0.5]]);
  page.act(line({ kind: "next_solution" }));
  const solved = page.settle();
  assert.deepEqual([drawnBy(solved), isPlain(solved)], ["x2 = 1 - x1", false]);
  assert.deepEqual(changes(solved).map(describeChange), ["update 0: weights and biases of layer 1 set by hand"]);
  page.act({ kind: "train_epoch" });
  const trained = page.settle();
  assert.notDeepEqual(rows(trained), rows(solved));
  assert.equal(shown(trained).step, 64);
});

test("many moves of a dragged line are many acts of which the last holds, though the worker lags behind", () => {
  const page = begun();
  page.act(line({ kind: "lab_solution", name: "equation 12" }));
  for (let i = 0; i <= 20; i++)
    page.act(line({ kind: "drag", ends: [[0, 1.002 + i / 100], [1, 0.003 - i / 100]] }));
  const state = page.settle();
  assert.equal(drawnBy(state), "x2 = 1.2 - 1.4*x1");
  const { weights, biases } = layers(state);
  assert.deepEqual([weights[2], weights[3], biases[1]], [3, 2, -0.5]);
  assert.deepEqual(changes(state).map(describeChange), ["update 0: weights and biases of layer 1 set by hand"]);
});

test("a line that is wanted is read, and what is no line is said while the one before stays wanted", () => {
  const page = begun();
  page.act(line({ kind: "want", text: "x1 + 2x2 = 1" }));
  assert.deepEqual([page.state.line.wanted, page.state.line.wrong], ["x2 = 0.5 - 0.5*x1", null]);
  page.act(line({ kind: "want", text: "x2 = 1 / x1" }));
  assert.equal(page.state.line.wanted, "x2 = 0.5 - 0.5*x1");
  assert.equal(page.state.line.wrong?.entered, "x2 = 1 / x1");
  assert.match(page.state.line.wrong.message, /divides by x1 or x2/);
  page.act(line({ kind: "drag", ends: [[0.4, 0], [0.4, 1]] }), line({ kind: "want_drawn" }));
  assert.deepEqual([page.state.line.wanted, page.state.line.wrong], ["x1 = 0.4", null]);
});

test("weights by hand, while one looks back, go into the network that is looked at", () => {
  const page = begun();
  page.act({ kind: "train_epoch" }, { kind: "train_epoch" });
  page.settle();
  page.act({ kind: "look_at", step: 64 });
  const there = rows(page.settle());
  page.act(line({ kind: "switch_labels" }));
  const state = page.settle();
  assert.equal(shown(state).step, 64);
  assert.deepEqual(rows(state), there.map(([a, b, c, d]) => (c === undefined ? [b, a] : [c, d, a, b])));
});

const SQUARE = [0, 1, 0, 1] as const;

test("the part of a line in the picture has class 0 to its left, and handles on it", () => {
  const numbers = ofNetwork([[-1, -1, 1], [0, 0, 0]]) ?? assert.fail(); // class 0 below x2 = 1 - x1
  const [p, q] = clipped(numbers, SQUARE) ?? assert.fail();
  assert.deepEqual([p, q].flat().map((value) => Math.round(1e9 * value) / 1e9), [1, 0, 0, 1]);
  assert.equal(clipped([0, 1, 2], SQUARE), null);
  assert.equal(clipped([1, 0, 2], SQUARE), null);
  assert.equal(ofNetwork([[1, 2, 3], [1, 2, 4]]), null);
  const before = [[0.7, 0.3], [0.3, 0.7]] as const;
  for (const handle of handlesOn(numbers, before, SQUARE) ?? assert.fail())
    assert.ok(before.some(([x1, x2]) => Math.hypot(handle[0] - x1, handle[1] - x2) < 1e-9));
});

test("keys shift a line to the side of the arrow, and turn it about its middle", () => {
  const ends = [[0.8, 0.2], [0.2, 0.8]] as const;
  const up = shifted(ends, [0, 1], 0.1) ?? assert.fail();
  const [a, b, c] = through(up);
  assert.ok(Math.abs(Math.abs(c / Math.hypot(a, b)) - (Math.SQRT1_2 + 0.1)) < 1e-9);
  assert.equal(shifted([[0, 0.5], [1, 0.5]], [1, 0], 0.1), null);
  const quarter = turned(ends, Math.PI / 2).flat();
  [0.8, 0.8, 0.2, 0.2].forEach((value, i) => assert.ok(Math.abs(quarter[i] - value) < 1e-9));
});
