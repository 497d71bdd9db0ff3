// Trainings are explained as Python explains them, by the same kernels, and the same changes are tried.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment } from "../src/engine/experiment.ts";
import { metricOf } from "../src/engine/heads.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { sentenceOf, writeNumber } from "../src/explain/sentences.ts";
import type { NumberKind } from "../src/explain/table.ts";
import { canonical } from "../src/state/canonical.ts";
import { initialState } from "../src/state/state.ts";
import { findingsOf, isWrong, whyNotSaid } from "../src/state/why.ts";
import { update } from "../src/state/update.ts";
import { fewerPValue, holm } from "../src/statistics/correction.ts";
import type { Run } from "../src/statistics/summary.ts";
import { changesOf } from "../src/studies/changes.ts";
import { judgeChanges, remediesOf } from "../src/studies/remedies.ts";
import type { Result } from "../src/worker/messages.ts";
import { Watcher } from "../src/worker/watcher.ts";
import { startEngine } from "./engine_here.ts";
import golden from "./golden/explained.json";

const engine = await startEngine();

for (const { experiment: given, seed, codes, sentences } of golden.runs) {
  test(`a training is explained as Python explains it: ${codes.join(", ")}`, () => {
    engine.within(() => {
      const experiment = given as unknown as Experiment;
      const stepper = new Stepper(engine, experiment, BigInt(seed));
      const watcher = new Watcher(engine, stepper);
      while (stepper.epoch < experiment.training.epochs && !stepper.diverged && !stepper.stopped) {
        stepper.train(stepper.updatesLeft);
        watcher.look();
      }
      assert.ok(watcher.measure(() => 0, 1));
      const { findings } = watcher;
      assert.deepEqual(findings.map(({ code }) => code), codes);
      assert.deepEqual(findings.map((finding) => sentenceOf(finding, metricOf(experiment))), sentences);
    });
  });
}

test("the same changes are tried as in Python", () => {
  assert.ok(golden.changes.length > 20);
  for (const { experiment, changed } of golden.changes) {
    const found = changesOf({ experiment: experiment as unknown as Experiment, samples: null });
    const known = new Set(found.map((each) => canonical(each.experiment)));
    const asked = changed.map((each) => canonical(each as unknown as Experiment));
    // The page leaves out what is too large for it.
    assert.deepEqual(asked.filter((each) => known.has(each)), found.map((each) => canonical(each.experiment)));
    assert.ok(asked.length - known.size <= 3, `${asked.length} and ${known.size}`);
  }
});

test("numbers are written, and tests corrected, as in Python", () => {
  for (const [value, kind, text] of golden.numbers) assert.equal(writeNumber(value as number, kind as NumberKind), text);
  const [given, corrected] = golden.holm;
  holm(given).forEach((p, i) => assert.ok(Math.abs(p - corrected[i]) < 1e-12));
  for (const [one, other, p] of golden.fewer) assert.ok(Math.abs(fewerPValue(one, other) - p) < 1e-12);
});

test("looks are measured until there is no time left, and then the rest", () => {
  engine.within(() => {
    const [{ experiment }] = golden.runs;
    const stepper = new Stepper(engine, experiment as unknown as Experiment, 1n);
    const watcher = new Watcher(engine, stepper);
    for (let i = 0; i < 5; i++) {
      stepper.train(stepper.updatesLeft);
      watcher.look();
    }
    let time = 0;
    assert.ok(!watcher.measure(() => time++, 3));
    assert.ok(watcher.measure(() => 0, 1));
  });
});

const first = initialState("light");

/** The state with a result of its training. */
const withResult = (parts: Partial<Result>) =>
  ({ ...first, result: { training: first.training, ending: null, why: null, ...parts } as Result });

test("a mark is there once a training has ended with something wrong", () => {
  const wrong = [{ code: "vanishing", numbers: [1, 4000] }];
  const right = [{ code: "converged", numbers: [0.99, 0.99, 0.01] }];
  assert.ok(isWrong(withResult({ why: wrong, ending: "stop rule" })));
  assert.ok(!isWrong(withResult({ why: wrong })));
  assert.ok(!isWrong(withResult({ why: right, ending: "stop rule" })));
  assert.equal(findingsOf(first), null);
  assert.match(whyNotSaid({ ...first, playing: true }) ?? "", /When the training ends/);
});

test("what rescues is told when all runs are there, and not before", () => {
  const state = update(first, { kind: "train_study", study: "remedies" });
  const all = state.studies.remedies;
  assert.ok(all !== null && all.parts.length > 10);
  const study = { ...all, parts: all.parts.slice(0, 4) };
  const run = (seed: string, ending: Run["ending"]): Run => ({ seed, ending, metric: ending === "stuck" ? 0.5 : 0.9 });
  const trained = (count: number) => ({
    ...study,
    parts: study.parts.map((part, i) => ({
      ...part,
      runs: part.seeds.slice(0, count).map((seed) => run(seed, i === 2 ? "finished" : "stuck")),
    })),
  });
  assert.ok(remediesOf(trained(60)).every(({ effect }) => effect === "unclear"));
  const complete = trained(100);
  assert.ok(remediesOf(complete).every(({ effect }) => effect === "unclear"));
  const changes = judgeChanges(complete.parts);
  const [best, ...others] = remediesOf({ ...complete, judgement: { kind: "remedies", changes } });
  assert.equal(best.effect, "rescues");
  assert.equal(best.setUp, study.parts[2].setUp);
  assert.ok(others.every(({ effect }) => effect === "same"));
});

test("errors are judged by a part of the unchanged ones, and smaller ones are better", () => {
  const { experiment } = update(first, { kind: "choose_preset", title: "more  Franke's surface" });
  const training = { ...experiment.training, loss: "mean_absolute_error" };
  const ofErrors = update(first, { kind: "set_experiment", experiment: { ...experiment, training } });
  const study = update(ofErrors, { kind: "train_study", study: "remedies" }).studies.remedies;
  assert.ok(study !== null && metricOf(study.parts[0].setUp.experiment) === "mean_absolute_error");
  const factors = [1, 0.9, 0.97, 1.2];
  const parts = study.parts.slice(0, 4).map((part, i) => ({
    ...part,
    runs: part.seeds.map((seed, k): Run => ({ seed, ending: "finished", metric: factors[i] * (2 + 0.001 * (k % 7)) })),
  }));
  const found = remediesOf({ ...study, parts, judgement: { kind: "remedies", changes: judgeChanges(parts) } });
  assert.deepEqual(found.map(({ effect }) => effect), ["better", "same", "worse"]);
  assert.deepEqual(found.map(({ setUp }) => setUp), parts.slice(1).map(({ setUp }) => setUp));
  assert.ok(found[0].difference !== null && found[0].difference.high < 0);
});
