// What can be varied in a set-up, and what differs between two, come from the spec.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment } from "../src/engine/experiment.ts";
import { validate } from "../src/spec/validate.ts";
import { fromJson } from "../src/spec/values.ts";
import { PRESETS } from "../src/state/presets.ts";
import { differences, sayDifferences } from "../src/studies/differences.ts";
import { hyperparameters, withNumber } from "../src/studies/hyperparameters.ts";
import { areSame, type SetUp } from "../src/studies/set_up.ts";

const preset = (title: string): Experiment => {
  const found = PRESETS.find((each) => each.title.startsWith(title));
  assert.ok(found !== undefined, title);
  return found.experiment;
};
const drawn = (experiment: Experiment): SetUp => ({ experiment, samples: null });
const ladders = (experiment: Experiment) =>
  Object.fromEntries(hyperparameters(experiment).map(({ path, values }) => [path, values]));

test("a preset's numbers each have a ladder about their own", () => {
  assert.deepEqual(ladders(preset("1.1  two clouds, batch 16")), {
    "dataset.sigma": [0.015, 0.03, 0.06, 0.12, 0.24],
    "dataset.train_per_class": [128, 256, 512, 1024, 2048],
    "dataset.classes": [2, 3, 4, 5, 6],
    "network.initializer.mean": [0.025, 0.05, 0.1, 0.2, 0.4],
    "network.initializer.stddev": [0.025, 0.05, 0.1, 0.2, 0.4],
    "network.input_noise": [0, 0.3, 0.6, 0.9, 0.99],
    "training.optimizer.learning_rate": [0.0625, 0.25, 1, 4, 16],
    "training.optimizer.momentum": [0, 0.3, 0.6, 0.9, 0.99],
    "training.batch_size": [1, 4, 16, 64, 256],
    "training.epochs": [1, 2, 4, 8, 16],
  });
});

test("each value of each ladder can be set up, in every preset", () => {
  for (const { experiment } of PRESETS) {
    for (const { path, value, values } of hyperparameters(experiment)) {
      assert.ok(values.length >= 3 && values.length <= 5 && values.includes(value), path);
      for (const each of values) {
        const other = withNumber(experiment, path, each);
        assert.ok(typeof other !== "string", `${path} ${each}: ${String(other)}`);
        assert.equal(areSame(drawn(other), drawn(experiment)), each === value);
      }
    }
  }
});

test("a batch is no larger than all samples", () => {
  const large = withNumber(preset("1.1  two clouds, batch 16"), "training.batch_size", 512);
  assert.ok(typeof large !== "string");
  assert.deepEqual(ladders(large)["training.batch_size"], [2, 8, 32, 128, 512]);
});

test("layers with a width each cannot be varied in their number, and own points not at all", () => {
  const experiment = preset("1.2  two rings, relu");
  const network = { ...experiment.network, hidden_layers: 2, layer_width: [4, 3] };
  const own = validate(fromJson({ ...experiment, network, dataset: { kind: "file", path: "points.csv" } }));
  const paths = hyperparameters(own).map(({ path }) => path);
  assert.ok(paths.includes("training.epochs"));
  assert.deepEqual(paths.filter((path) => /hidden_layers|layer_width|dataset/.test(path)), []);
});

test("differences are named in the order of the spec, with their values", () => {
  const [small, large] = [preset("1.1  two clouds, batch 16"), preset("1.1  two clouds, batch 512")];
  assert.deepEqual(differences(drawn(small), drawn(large)), ["batch size 16 → 512"]);
  assert.deepEqual(differences(drawn(preset("1.2  two rings, linear")), drawn(preset("1.2  two rings, relu"))), [
    "activation linear → relu",
  ]);
  assert.deepEqual(differences(drawn(small), drawn(small)), []);
});

test("widths, schedules and numbers that differ late are told apart", () => {
  const experiment = preset("1.2  two rings, relu");
  const { network, training } = experiment;
  const wide = { ...experiment, network: { ...network, hidden_layers: 2, layer_width: [8, 4] } };
  const [widths] = differences(drawn(experiment), drawn(wide));
  assert.match(widths, /^hidden layers .* → 8, 4$/);
  const rate = (learning_rate: number) =>
    drawn({ ...experiment, training: { ...training, optimizer: { ...training.optimizer, learning_rate } } });
  assert.deepEqual(differences(rate(0.1), rate(0.10000000000000002)), ["learning rate 0.1 → 0.10000000000000002"]);
});

test("of many differences the first are named, and the number of the others", () => {
  const said = sayDifferences(drawn(preset("1.1  two clouds, batch 16")), drawn(preset("1.4  five rings, Adam")));
  assert.match(said, /^dataset .*; and \d+ more$/);
});

test("other own points are another set-up", () => {
  const experiment = preset("1.1  two clouds, batch 16");
  const points = (x: number): SetUp => ({
    experiment,
    samples: { x: Float64Array.of(x, 1), features: 2, y: [0], classes: 2, labelNames: ["0", "1"], split: [0] },
  });
  assert.equal(areSame(points(1), points(1)), true);
  assert.equal(areSame(points(1), points(2)), false);
  assert.equal(areSame(points(1), drawn(experiment)), false);
  assert.deepEqual(differences(points(1), points(2)), ["other own points"]);
  assert.match(differences(drawn(experiment), points(1))[0], /→ own points$/);
});
