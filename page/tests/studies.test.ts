// Studies of many runs: one at a time, no verdict before its time, none of what was trained otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Action } from "../src/state/actions.ts";
import { initialState, type State } from "../src/state/state.ts";
import { axesOf, runningStudy, presentSetUp, unjudged } from "../src/state/studies.ts";
import { update } from "../src/state/update.ts";
import type { Run } from "../src/statistics/summary.ts";
import { judgeParts } from "../src/studies/judgement.ts";
import { standingOf } from "../src/studies/standing.ts";
import { isComplete, isOnMap, seedsAfter } from "../src/studies/study.ts";
import { verdictOf } from "../src/studies/verdict.ts";
import type { FromWorker, Result, ToWorker } from "../src/worker/messages.ts";
import { makeJudging } from "../src/worker/judging.ts";
import { trainStudy } from "../src/worker/pool.ts";

const first = initialState("light");
const after = (state: State, ...actions: readonly Action[]) => actions.reduce(update, state);
const run = (seed: string, metric = 0.9, ending: Run["ending"] = "finished"): Run => ({ seed, metric, ending });
const changed = (state: State, training: object): Action => ({
  kind: "set_experiment",
  experiment: { ...state.experiment, training: { ...state.experiment.training, ...training } },
});

/** The state in which a study that is under way has all its runs; the accuracy of seed k is k/1000. */
function finished(state: State, of: (seed: string) => Run = (seed) => run(seed, Number(seed) / 1000)): State {
  const study = runningStudy(state.studies);
  assert.ok(study !== null);
  return study.parts.reduce(
    (before, { seeds }, part) => update(before, { kind: "runs_trained", number: study.number, part, runs: seeds.map(of) }),
    state,
  );
}

// ---- State ---------------------------------------------------------------------------------------------------

test("seeds follow the one that is shown, and after the largest comes 0", () => {
  assert.deepEqual(seedsAfter("4611686018427387903", 3), ["4611686018427387904", "0", "1"]);
});

test("runs that a study sends twice, late or after its end are not counted", () => {
  let state = after(first, { kind: "train_study", study: "hundred" });
  const trained = (...seeds: string[]): Action => ({
    kind: "runs_trained",
    number: 1,
    part: 0,
    runs: seeds.map((seed) => run(seed)),
  });
  state = after(state, trained("3"), trained("1", "3"), trained("999"));
  assert.deepEqual(state.studies.hundred?.parts[0].runs.map(({ seed }) => seed), ["1", "3"]);
  state = after(state, { kind: "stop_study" }, trained("2"));
  assert.deepEqual([state.studies.running, state.studies.hundred?.parts[0].runs.length], [null, 2]);
  state = after(state, { kind: "train_study", study: "hundred" }, trained("2"));
  assert.deepEqual([state.studies.hundred?.number, state.studies.hundred?.parts[0].runs.length], [2, 0]);
});

test("a study that has all its runs is no longer under way", () => {
  const state = finished(after(first, { kind: "train_study", study: "hundred" }));
  assert.equal(state.studies.running, null);
  assert.ok(state.studies.hundred !== null && isComplete(state.studies.hundred));
});

test("one study is trained at a time: another stops it, and that is said", () => {
  const state = after(first, { kind: "train_study", study: "hundred" }, { kind: "train_study", study: "map" });
  assert.equal(state.studies.running, "map");
  assert.match(state.message ?? "", /^The hundred was stopped/);
  assert.equal(state.studies.hundred?.parts[0].runs.length, 0);
});

test("a failure stops its study, is said, and stops nothing else", () => {
  const state = after(first, { kind: "train_study", study: "hundred" });
  const late = update(state, { kind: "study_failed", number: 7, sentence: "late" });
  assert.equal(late, state);
  const failed = update(state, { kind: "study_failed", number: 1, sentence: "no memory" });
  assert.deepEqual([failed.studies.running, failed.message, failed.failedAt], [null, "no memory", null]);
});

test("A is kept until it is replaced, and a set-up that is A is not compared with it", () => {
  const compare: Action = { kind: "train_study", study: "comparison" };
  assert.match(update(first, compare).message ?? "", /keep a set-up as A first/);
  const kept = update(first, { kind: "keep_as_a" });
  assert.match(update(kept, compare).message ?? "", /are the same/);
  assert.equal(update(kept, compare).studies.running, null);
  const other = after(kept, changed(kept, { batch_size: 64 }), compare);
  assert.deepEqual(other.studies.comparison?.parts.map(({ setUp }) => setUp.experiment.training.batch_size), [16, 64]);
  assert.deepEqual(other.studies.comparison?.parts[0].seeds, other.studies.comparison?.parts[1].seeds);
  const done = finished(other);
  assert.equal(done.studies.comparison?.parts[1].runs.length, 100);
  const replaced = update(done, { kind: "keep_as_a" });
  assert.deepEqual([replaced.studies.comparison, replaced.studies.kept], [null, presentSetUp(done)]);
  assert.equal(replaced.message, null);
  const interrupted = update(other, { kind: "keep_as_a" });
  assert.deepEqual([interrupted.studies.running, interrupted.studies.comparison], [null, null]);
  assert.match(interrupted.message ?? "", /^The comparison was stopped/);
});

test("a map begins with the cell of its own set-up, and has one for each pair of values", () => {
  const state = update(first, { kind: "train_study", study: "map" });
  const { map } = state.studies;
  assert.ok(map !== null);
  assert.deepEqual([map.across.path, map.up.path], ["training.batch_size", "training.optimizer.learning_rate"]);
  assert.equal(map.cells.length, 25);
  assert.deepEqual(new Set(map.cells), new Set(Array.from({ length: 25 }, (_, i) => i)));
  assert.deepEqual(map.parts[0].setUp, presentSetUp(state));
  assert.deepEqual(map.parts.map(({ seeds }) => seeds.length), Array(25).fill(16));
  map.cells.forEach((part, i) => {
    const { training } = map.parts[part as number].setUp.experiment;
    assert.equal(training.batch_size, map.across.values[i % 5]);
    assert.equal(training.optimizer.learning_rate, map.up.values[Math.floor(i / 5)]);
  });
});

test("a set-up is on the map where nothing but the two numbers differs", () => {
  const state = update(first, { kind: "train_study", study: "map" });
  const { map } = state.studies;
  assert.ok(map !== null);
  assert.ok(map.parts.every(({ setUp }) => isOnMap(map, setUp)));
  assert.equal(isOnMap(map, presentSetUp(update(state, changed(state, { epochs: 3 })))), false);
});

test("a set-up that has not the map's number is not on it", () => {
  const start = after(first, { kind: "choose_preset", title: "1.3  five rings, momentum" });
  for (const path of ["training.optimizer.momentum", "training.optimizer.learning_rate.decay_rate"]) {
    const state = after(start, { kind: "choose_axis", side: 0, path }, { kind: "train_study", study: "map" });
    const { map } = state.studies;
    assert.equal(map?.across.path, path);
    const adam = { kind: "adam", learning_rate: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };
    const other = after(state, changed(state, { optimizer: adam }));
    assert.equal(map !== null && isOnMap(map, presentSetUp(other)), false);
  }
});

test("who chooses the other side's number for a map gives that side their own", () => {
  const [across, up] = axesOf(first) ?? [];
  assert.ok(across !== undefined && up !== undefined);
  const swapped = axesOf(update(first, { kind: "choose_axis", side: 0, path: up.path }));
  assert.deepEqual(swapped?.map(({ path }) => path), [up.path, across.path]);
});

test("what is set up begins anew, also where only its learning rate is another", () => {
  const rate = (learning_rate: number) =>
    changed(first, { optimizer: { ...first.experiment.training.optimizer, learning_rate } });
  const there = update(first, rate(0.25));
  const back = update(there, { kind: "set_up", setUp: presentSetUp(first), seed: "0" });
  assert.deepEqual([back.training, back.acts, back.experiment], [there.training + 1, [], first.experiment]);
});

test("a study of own points has no more updates in a run than one of drawn points may have", () => {
  const many = Array.from({ length: 2400 }, (_, i) => ({
    ...{ x1: i % 49, x2: i % 50, label: String(i % 2) },
    split: (i < 1200 ? "train" : i < 1800 ? "validation" : "test") as "train" | "validation" | "test",
  }));
  const own = after(first, { kind: "own_points", act: { kind: "open", points: many } });
  const long = after(own, changed(own, { batch_size: 1, epochs: 10_000 }), { kind: "train_study", study: "hundred" });
  assert.equal(long.message, "A run of a study has at most 10,000,000 updates, and this set-up has 12,000,000.");
  assert.equal(long.studies.running, null);
  const near = after(own, changed(own, { batch_size: 2, epochs: 10_000 }), { kind: "train_study", study: "map" });
  const tooLong = near.studies.map?.cells.filter((cell) => String(cell).startsWith("A run of a study"));
  assert.ok(tooLong !== undefined && tooLong.length > 0);
});

test("set-ups that learn other data get no verdict; more points of the same are the same data", () => {
  const other = (dataset: object): Action => ({
    kind: "set_experiment",
    experiment: { ...first.experiment, dataset: { ...first.experiment.dataset, ...dataset } } as State["experiment"],
  });
  const verdict = (action: Action) => {
    const state = after(first, { kind: "keep_as_a" }, action, { kind: "train_study", study: "comparison" });
    const { comparison } = finished(state, (seed) => run(seed, 0.5 + Number(seed) / 1000)).studies;
    assert.ok(comparison !== null);
    return verdictOf({ ...comparison, judgement: judgeParts("comparison", comparison.parts) })?.head ?? "";
  };
  assert.match(verdict(other({ sigma: 0.3 })), /^No verdict: A and B learn other data/);
  const untrained = after(first, { kind: "keep_as_a" }, other({ sigma: 0.3 }), { kind: "train_study", study: "comparison" }, { kind: "stop_study" });
  const { comparison } = untrained.studies;
  assert.equal(comparison && verdictOf(comparison)?.head, "Not all runs are trained: no verdict.");
  assert.match(verdict(other({ train_per_class: 100 })), /^B and A show no meaningful difference/);
});

// ---- Where this run stands -----------------------------------------------------------------------------------

/** A state whose shown run has been trained as the hundred, with an accuracy. */
function shown(state: State, accuracy: number, result: Partial<Result> = {}): State {
  const { epochs } = state.experiment.training;
  const scores = { train: { loss: 0.1 }, test: { metric: accuracy } };
  const ended = { layers: [], ending: "stop rule", shownEpoch: epochs, shownStep: 9, scoredStep: 9, step: 9, actedAt: [] };
  return { ...state, result: { training: state.training, scores, ...ended, ...result } as unknown as Result };
}
const sentence = (state: State) => {
  assert.ok(state.studies.hundred !== null);
  return standingOf(state, state.studies.hundred);
};
const hundred = finished(update(first, { kind: "train_study", study: "hundred" }));

test("a run that was trained as the hundred has its place among them", () => {
  assert.deepEqual(sentence(shown(hundred, 0.0505)), {
    place: { below: 50, equal: 0, percentile: 50, luck: "usual" },
    sentence: "This run is better than 50 of 100: percentile 50, usual.",
  });
  assert.equal(sentence(shown(hundred, 0.099)).place?.luck, "luck");
  assert.match(sentence(shown(hundred, 0.003)).sentence, /better than 2 of 100 and equal to 1: percentile 2.5, bad luck/);
});

test("who diverged is left out, and said: also with the last update, after which no epoch's loss shows it", () => {
  const some = finished(update(first, { kind: "train_study", study: "hundred" }), (seed) =>
    run(seed, 0.5, Number(seed) > 90 ? "diverged" : "finished"),
  );
  assert.match(sentence(shown(some, 0.6)).sentence, /better than 90 of the 90 that did not diverge/);
  assert.match(sentence(shown(some, NaN, { ending: "diverged", shownEpoch: 2 })).sentence, /diverged. So did 10/);
  const all = finished(update(first, { kind: "train_study", study: "hundred" }), (seed) => run(seed, 0.5, "diverged"));
  assert.equal(sentence(shown(all, 0.6)).sentence, "All of the hundred diverged, this run did not.");
  const layers = [{ weights: Float32Array.of(NaN), biases: Float32Array.of(0) }];
  assert.match(sentence(shown(all, 0, { layers })).sentence, /This run diverged. So did 100/);
  assert.match(sentence(shown(some, 0, { ending: "diverged", shownEpoch: 33 })).sentence, /this run for more/);
});

const NONE: Readonly<Record<string, readonly [State, RegExp]>> = {
  "another set-up": [shown(update(hundred, changed(hundred, { batch_size: 64 })), 0.9), /batch size 16 → 64.* not compared/],
  "a change in flight": [
    shown({ ...hundred, earlier: [{ kind: "number", step: 3, place: { layer: 0, output: 0, source: 0 }, value: 1 }] }, 0.9),
    /changed on its way \(1 change\).* not compared/,
  ],
  "a seed among the hundred": [shown(update(hundred, { kind: "set_seed", seed: "17" }), 0.9), /one of the hundred/],
  "fewer epochs": [shown(hundred, 0.9, { shownEpoch: 7 }), /for 20 epochs: press Play, and this run is compared when it has as many/],
  "fewer epochs as yet": [
    shown({ ...hundred, playing: true }, 0.9, { shownEpoch: 7 }),
    /for 20 epochs: this run is compared when it has as many/,
  ],
  "more epochs": [shown(hundred, 0.9, { shownEpoch: 25, ending: null }), /for 20 epochs, this run for more: it is not compared/],
  "another stop rule": [shown({ ...hundred, stopRule: "patience" }, 0.9), /ended by another stop rule: it is not compared/],
  "scores of an earlier update": [shown(hundred, 0.9, { scoredStep: 5 }), /not there yet/],
  "the training before": [shown(hundred, 0.9, { training: 0 }), /not there yet/],
  "a hundred under way": [shown(update(first, { kind: "train_study", study: "hundred" }), 0.9), /when all are trained/],
  "a hundred that was stopped": [
    shown(after(first, { kind: "train_study", study: "hundred" }, { kind: "stop_study" }), 0.9),
    /Stopped after 0 of 100: without all of them, this run is not compared/,
  ],
};

for (const [what, [state, reason]] of Object.entries(NONE)) {
  test(`no verdict on a run with ${what}, and the reason`, () => {
    const found = sentence(state);
    assert.equal(found.place, null);
    assert.match(found.sentence, reason);
  });
}

test("a run that goes on from saved numbers is trained again with the hundred, and compared if they are true", () => {
  const opened = { ...first, from: {} as State["from"] };
  const checked = finished(update(opened, { kind: "train_study", study: "hundred" }), (seed) => run(seed, Number(seed) / 1000 + 0.5));
  assert.equal(checked.studies.hundred?.parts.length, 2);
  assert.equal(sentence(shown(checked, 0.5)).place?.luck, "bad luck");
  assert.match(sentence(shown(checked, 0.9)).sentence, /not what its set-up and seed give when they are trained again/);
  assert.match(sentence(shown({ ...hundred, from: opened.from }, 0.05)).sentence, /goes on from saved numbers: train a hundred again/);
});

// ---- Workers -------------------------------------------------------------------------------------------------

/** Workers that answer when they are told to. */
function factory() {
  const workers: { answer: (message: FromWorker) => void; asked: ToWorker[]; ended: boolean }[] = [];
  const start = (onMessage: (message: FromWorker) => void): Worker => {
    const worker = { answer: onMessage, asked: [] as ToWorker[], ended: false };
    workers.push(worker);
    return {
      postMessage: (message: ToWorker) => worker.asked.push(message),
      terminate: () => (worker.ended = true),
    } as unknown as Worker;
  };
  return { workers, start };
}

test("all parts of a study are trained, each seed once, and the workers end with the work", () => {
  const { workers, start } = factory();
  let state = update(first, { kind: "train_study", study: "map" });
  const study = runningStudy(state.studies);
  assert.ok(study !== null);
  trainStudy(start, 2, study, (action) => (state = update(state, action)));
  for (let turn = 0; workers.some(({ ended }) => !ended); turn++) {
    assert.ok(turn < 100);
    for (const { asked, answer } of workers) {
      const block = asked.shift();
      if (block?.kind !== "train_block") continue;
      const message = { kind: "block_trained", part: block.part, runs: block.seeds.map((seed) => run(seed)) } as const;
      answer(message);
      if (turn % 3 === 0) answer(message); // doubled
    }
  }
  assert.equal(state.studies.running, null);
  assert.deepEqual(state.studies.map?.parts.map(({ runs }) => runs.length), Array(25).fill(16));
});

test("a study that is stopped ends its workers, and a worker's failure ends the study", () => {
  const { workers, start } = factory();
  let state = update(first, { kind: "train_study", study: "hundred" });
  const study = runningStudy(state.studies);
  assert.ok(study !== null);
  trainStudy(start, 2, study, (action) => (state = update(state, action)))();
  assert.ok(workers.length === 2 && workers.every(({ ended }) => ended));
  const second = factory();
  trainStudy(second.start, 2, study, (action) => (state = update(state, action)));
  second.workers[0].answer({ kind: "failed", sentence: "no memory" });
  assert.ok(second.workers.every(({ ended }) => ended));
  assert.deepEqual([state.studies.running, state.message], [null, "no memory"]);
});

test("a study is judged once, by a worker, when it has come to rest", () => {
  const { workers, start } = factory();
  const asked = () => workers.flatMap((worker) => worker.asked.map((each) => (each.kind === "judge_study" ? each.number : 0)));
  let state = after(first, { kind: "train_study", study: "hundred" });
  const judge = makeJudging(start, (action) => {
    state = update(state, action);
    judge(unjudged(state.studies));
  });
  judge(unjudged(state.studies));
  assert.deepEqual(asked(), []);
  state = finished(state);
  judge(unjudged(state.studies));
  judge(unjudged(state.studies));
  assert.deepEqual(asked(), [1]);
  state = after(state, { kind: "train_study", study: "remedies" }, { kind: "stop_study" });
  assert.deepEqual(unjudged(state.studies).map(({ kind }) => kind), ["hundred"], "there is no judging of some changes");
  state = finished(after(state, { kind: "train_study", study: "remedies" }));
  judge(unjudged(state.studies));
  assert.deepEqual(asked(), [1, 3]);
  const message = { kind: "study_judged", number: 1, judgement: { kind: "hundred", typical: [null] } } as const;
  workers[0].answer(message);
  workers[0].answer({ ...message, judgement: { kind: "failed", sentence: "late" } });
  assert.deepEqual([state.studies.hundred?.judgement, workers[0].ended], [message.judgement, false]);
  workers[0].answer({ kind: "failed", sentence: "no memory" });
  assert.deepEqual(state.studies.remedies?.judgement, { kind: "failed", sentence: "no memory" });
  assert.deepEqual([workers.length, workers[0].ended, asked()], [1, true, [1, 3]]);
});

// ---- Own points ----------------------------------------------------------------------------------------------

test("own points belong to a set-up; too few of them are neither kept nor trained on", () => {
  const point = (x1: number, label: string, split: "train" | "validation" | "test") => ({ x1, x2: x1, label, split });
  const points = ["0", "1"].flatMap((label, k) =>
    (["train", "validation", "test"] as const).map((split, i) => point(k + i / 10, label, split)),
  );
  const open = (some: typeof points): Action => ({ kind: "own_points", act: { kind: "open", points: some } });
  const own = after(first, open(points), { kind: "keep_as_a" }, { kind: "train_study", study: "hundred" });
  assert.equal(own.studies.hundred?.parts[0].setUp.samples?.y.length, 6);
  assert.equal(own.studies.kept?.samples, presentSetUp(own).samples);
  const others = after(own, open(points.map((each) => ({ ...each, x2: each.x2 + 1 }))));
  assert.match(sentence(others).sentence, /other own points/);
  const refused = update(others, { kind: "set_up", setUp: presentSetUp(own), seed: "3" });
  assert.deepEqual([refused.training, refused.seed], [others.training, "0"]);
  assert.match(refused.message ?? "", /other points/);
  const drawn = update(others, { kind: "set_up", setUp: presentSetUp(first), seed: "3" });
  assert.deepEqual([drawn.training, drawn.seed, drawn.ownPoints.set], [others.training + 1, "3", null]);
  const few = after(first, open(points.slice(1)), { kind: "keep_as_a" }, { kind: "train_study", study: "hundred" });
  assert.deepEqual([few.studies.kept, few.studies.running], [null, null]);
  assert.match(few.message ?? "", /no network of these points yet/);
});
