// The stepper is changed in flight, put elsewhere, and goes on as Python's does, to the last bit.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment, Training } from "../src/engine/experiment.ts";
import { learningRates } from "../src/engine/drawing.ts";
import type { Layer } from "../src/engine/layout.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { FIRST } from "../src/state/presets.ts";
import { startEngine } from "./engine_here.ts";
import cases from "./golden/stepper.json";

const engine = await startEngine();
const [first] = cases;
const experiment = first.experiment as Experiment;

const numbersOf = (stepper: Stepper) => stepper.layers.map(({ weights, biases }) => [[...weights], [...biases]]);

test("a training that is changed in flight ends as Python's", () => {
  for (const each of cases) {
    engine.within(() => {
      const stepper = new Stepper(engine, each.experiment as Experiment, BigInt(each.seed));
      stepper.train(70);
      stepper.change(each.after as Training);
      stepper.train(50);
      assert.deepEqual([stepper.step, stepper.epoch, stepper.used], [each.step, each.epoch, each.used]);
      const { learning_rate: rate } = stepper.training.optimizer;
      assert.deepEqual([...learningRates(engine, rate, [stepper.step])], [each.learning_rate]);
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

test("the first of ten million updates needs no room for all of them", async () => {
  const fresh = await startEngine();
  const optimizer = { kind: "adam", learning_rate: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
  const training = { ...experiment.training, optimizer, batch_size: 1, epochs: 10_000 };
  const long = { ...experiment, training, dataset: { ...experiment.dataset, train_per_class: 500 } };
  new Stepper(fresh, long, 0n).train(1);
  assert.ok(fresh["memory"].buffer.byteLength < 16e6);
});

const stopping: Experiment = {
  ...experiment,
  training: {
    ...experiment.training,
    epochs: 40,
    early_stopping: {
      monitor: "val_accuracy",
      patience: 2,
      min_delta: 0,
      start_from_epoch: 1,
      restore_best_weights: true,
    },
  },
};

test("a training that stops early has the weights of its best epoch, and is trained no further", () => {
  engine.within(() => {
    const stepper = new Stepper(engine, stopping, 5n);
    stepper.train(40 * stepper.updatesPerEpoch, false); // its rule looks at validation scores all the same
    assert.equal(stepper.stopped, true);
    assert.ok(stepper.epoch < 40);
    const { step } = stepper;
    stepper.train(3);
    assert.equal(stepper.step, step);
    const accuracies = [...stepper.history].filter((_, i) => i % 4 === 3);
    const best = accuracies.indexOf(Math.max(...accuracies.slice(1)), 1);
    assert.equal(stepper.epoch, best + 3);
    const again = new Stepper(engine, stopping, 5n);
    again.train((best + 1) * again.updatesPerEpoch);
    assert.deepEqual(numbersOf(again), numbersOf(stepper));
  });
});

test("a training that may stop early goes on from a snapshot as it would have", () => {
  engine.within(() => {
    const whole = new Stepper(engine, stopping, 5n);
    whole.train(2 * whole.updatesPerEpoch + 3);
    const { snapshot } = whole;
    whole.train(40 * whole.updatesPerEpoch);
    const resumed = new Stepper(engine, stopping, 5n);
    resumed.resume(snapshot);
    resumed.train(40 * whole.updatesPerEpoch);
    assert.deepEqual([resumed.step, resumed.stopped], [whole.step, true]);
    assert.deepEqual(numbersOf(resumed), numbersOf(whole));
    const ended = new Stepper(engine, stopping, 5n);
    ended.resume(whole.snapshot);
    assert.deepEqual([ended.stopped, ended.diverged], [true, false]);
  });
});
