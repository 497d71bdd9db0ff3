// The stepper is changed in flight, put elsewhere, and goes on as Python's does, to the last bit.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment, Training } from "../src/engine/experiment.ts";
import type { Layer } from "../src/engine/layout.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { FIRST } from "../src/state/presets.ts";
import { startEngine } from "./engine_here.ts";
import cases from "./golden/stepper.json";

const engine = await startEngine();
const [first] = cases;
const experiment = first.experiment as Experiment;
const after = first.after as Training;

const numbersOf = (stepper: Stepper) => stepper.layers.map(({ weights, biases }) => [[...weights], [...biases]]);

test("a training that is changed in flight ends as Python's", () => {
  for (const each of cases) {
    engine.within(() => {
      const stepper = new Stepper(engine, each.experiment as Experiment, BigInt(each.seed));
      stepper.train(70);
      stepper.change(each.after as Training);
      stepper.train(50);
      assert.deepEqual([stepper.step, stepper.epoch, stepper.used], [each.step, each.epoch, each.used]);
      assert.equal(stepper.learningRate, each.learning_rate);
      assert.deepEqual(numbersOf(stepper), each.weights.map((weights, i) => [weights, each.biases[i]]));
      assert.deepEqual([...stepper.history].filter((_, i) => i % 4 === 0), each.train_loss);
    });
  }
});

test("a training goes on from a snapshot as it would have", () => {
  engine.within(() => {
    const whole = new Stepper(engine, experiment, 5n);
    whole.train(70);
    const { snapshot } = whole;
    whole.train(100);
    const resumed = new Stepper(engine, experiment, 5n);
    resumed.resume(snapshot);
    assert.deepEqual([resumed.step, resumed.epoch, resumed.used], [70, 1, 96]);
    resumed.train(100);
    assert.deepEqual(numbersOf(resumed), numbersOf(whole));
    assert.deepEqual(resumed.history, whole.history);
  });
});

test("a snapshot is looked at without being gone on from", () => {
  engine.within(() => {
    const stepper = new Stepper(engine, experiment, 5n);
    const before = stepper.snapshot;
    const [score, responses] = [stepper.score("test"), stepper.responses([0.1, 0.2])];
    stepper.train(64);
    assert.notDeepEqual(stepper.score("test"), score);
    assert.deepEqual(stepper.score("test", before.layers), score);
    assert.deepEqual(stepper.responses([0.1, 0.2], 0, before.layers), responses);
  });
});

test("the gradient is that by which the last update moved the weights", () => {
  engine.within(() => {
    const stepper = new Stepper(engine, FIRST.experiment, 0n); // plain SGD, of learning rate 1
    assert.ok(stepper.gradient === null);
    stepper.train(70);
    const before = stepper.layers;
    stepper.train(1);
    const after = stepper.layers;
    const gradient = stepper.gradient as Layer[] | null;
    assert.ok(gradient !== null);
    assert.equal(gradient.length, 2);
    gradient.forEach(({ weights, biases }, i) => {
      const moved = (from: Float32Array, by: Float32Array) => from.map((value, j) => value - by[j]);
      assert.ok(weights.some((slope) => Math.abs(slope) > 1e-4));
      assert.deepEqual([moved(before[i].weights, weights), moved(before[i].biases, biases)], [after[i].weights, after[i].biases]);
    });
    stepper.replace(before);
    assert.equal(stepper.gradient, null);
  });
});

test("what cannot change in flight is refused", () => {
  engine.within(() => {
    const stepper = new Stepper(engine, experiment, 0n);
    const sgd = after.optimizer;
    assert.throws(() => stepper.change({ ...after, loss: "categorical_crossentropy" }), /only learning rate/);
    assert.throws(() => stepper.change({ ...after, optimizer: { ...sgd, momentum: 0.5 } }), /only learning rate/);
  });
});

test("a snapshot whose numbers do not fit is refused", () => {
  engine.within(() => {
    const stepper = new Stepper(engine, experiment, 0n);
    stepper.train(70);
    const { snapshot } = stepper;
    assert.throws(() => stepper.resume({ ...snapshot, step: 1 }), /cannot be 1 epochs/);
    assert.throws(() => stepper.resume({ ...snapshot, used: 1.5 }), /whole numbers/);
    assert.throws(() => stepper.resume({ ...snapshot, history: new Float64Array(4) }), /needs 8 scores, received 4/);
    assert.throws(() => stepper.resume({ ...snapshot, layers: snapshot.layers.slice(1) }), /another network/);
  });
});

test("the first of ten million updates needs no room for all of them", async () => {
  const fresh = await startEngine();
  const optimizer = { kind: "adam", learning_rate: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
  const training = { ...experiment.training, optimizer, batch_size: 1, epochs: 10_000 };
  const long = { ...experiment, training, dataset: { ...experiment.dataset, train_per_class: 500 } };
  new Stepper(fresh, long, 0n).train(1);
  assert.ok(fresh["memory"].buffer.byteLength < 16e6);
});
