// One update with all its numbers: those of Python, to the last bit, and the network stays as it is.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment } from "../src/engine/experiment.ts";
import type { Layer } from "../src/engine/layout.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { startEngine } from "./engine_here.ts";
import cases from "./golden/observed.json";

const engine = await startEngine();

const numbersOf = (layers: readonly Layer[]) => layers.map(({ weights, biases }) => [[...weights], [...biases]]);
const listsOf = (arrays: readonly Float32Array[]) => arrays.map((each) => [...each]);

test("an update's numbers are Python's", () => {
  for (const each of cases) {
    engine.within(() => {
      const stepper = new Stepper(engine, each.experiment as unknown as Experiment, BigInt(each.seed));
      stepper.train(each.update);
      const found = stepper.observe(each.point);
      assert.deepEqual(listsOf(found.h), each.h);
      assert.deepEqual(listsOf(found.z), each.z);
      assert.deepEqual(listsOf(found.delta), each.delta);
      for (const name of ["gradient", "penalised", "taken", "before", "after"] as const)
        assert.deepEqual(numbersOf(found[name]), each[name], name);
      assert.deepEqual(numbersOf(found.moments[0][1]), each.first_moment);
      assert.deepEqual(numbersOf(found.moments[1][1]), each.second_moment);
      assert.deepEqual(found.stepSizes, each.step_sizes);
      assert.deepEqual([...found.outputsAfter], each.outputs_after);
      assert.deepEqual([found.loss, found.lossAfter], each.losses);
      assert.deepEqual([found.penalty, found.penaltyAfter], each.penalties);
    });
  }
});

test("the batch's update is the one that the training makes, and looking at it changes nothing", () => {
  for (const { experiment, seed } of cases) {
    engine.within(() => {
      const [looked, other] = [0, 1].map(() => new Stepper(engine, experiment as unknown as Experiment, BigInt(seed)));
      for (let update = 0; update < 70; update++) {
        const { after, samples } = looked.observe(null);
        looked.observe(5);
        if (update === 40) assert.deepEqual(looked.observe(5).samples, [5]);
        looked.train(1);
        other.train(1);
        assert.ok(samples.length > 0);
        assert.deepEqual(numbersOf(looked.layers), numbersOf(other.layers));
        assert.deepEqual(numbersOf(after), numbersOf(other.layers));
      }
    });
  }
});

test("an update is looked at from a snapshot", () => {
  const [{ experiment }] = cases;
  engine.within(() => {
    const stepper = new Stepper(engine, experiment as unknown as Experiment, 5n);
    stepper.train(20);
    const past = stepper.snapshot;
    const then = stepper.observe(null);
    stepper.train(50);
    assert.deepEqual(stepper.observe(null, past), then);
  });
});
