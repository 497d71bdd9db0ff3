// Principal components of data whose components are known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PRESETS } from "../src/state/presets.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { hiddenSpace, principalComponents } from "../src/worker/hidden_space.ts";
import { planePoints } from "../src/worker/plane.ts";
import { startEngine } from "./engine_here.ts";

const close = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);

test("components go along the largest variances, with their fractions", () => {
  // Along (0.6, 0.8, 0) with variance 9 to 1 against (-0.8, 0.6, 0); the third column is constant.
  const [a, b] = [[3, -3, 3, -3], [1, 1, -1, -1]];
  const columns = [a.map((x, i) => 0.6 * x - 0.8 * b[i]), a.map((x, i) => 0.8 * x + 0.6 * b[i]), [5, 5, 5, 5]];
  const { scores, fractions } = principalComponents(columns.map((column) => Float64Array.from(column)));
  close(fractions[0], 0.9);
  close(fractions[1], 0.1);
  a.forEach((x, i) => close(scores[0][i], x));
  b.forEach((x, i) => close(Math.abs(scores[1][i]), Math.abs(x)));
});

test("points that are all the same have no direction", () => {
  const same = [Float64Array.of(1, 1), Float64Array.of(2, 2), Float64Array.of(3, 3)];
  const { scores, fractions } = principalComponents(same);
  assert.deepEqual([fractions, [...scores[0]]], [[0, 0], [0, 0]]);
});

test("a layer of two neurons is shown as it is", async () => {
  const engine = await startEngine();
  const [{ experiment }] = PRESETS.filter(({ title }) => title === "1.2  two rings, relu");
  const stepper = new Stepper(engine, { ...experiment, network: { ...experiment.network, layer_width: 2 } }, 0n);
  const { places, axes, y } = hiddenSpace(stepper, planePoints(stepper), 1, undefined);
  assert.deepEqual([axes, y.length, places.length], [["neuron 1", "neuron 2"], 512, 1024]);
  const { x } = stepper.points("train");
  const [one, other] = stepper.responses(x.subarray(4, 6), 2); // every second of 1,024 points
  assert.deepEqual([places[2], places[3]], [one, other]);
});
