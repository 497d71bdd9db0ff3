// Samples with a target: what the form takes, what is trained and shown, and what is refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { metricOf } from "../src/engine/heads.ts";
import { readSession } from "../src/exports/session_reading.ts";
import { writeSession } from "../src/exports/session_file.ts";
import { withNumber, hyperparameters } from "../src/studies/hyperparameters.ts";
import { judgeParts } from "../src/studies/judgement.ts";
import { haveSameTask } from "../src/studies/set_up.ts";
import { partOf } from "../src/studies/study.ts";
import { verdictOf } from "../src/studies/verdict.ts";
import { readToml } from "../src/spec/toml_reading.ts";
import { checkLimits } from "../src/spec/limits.ts";
import type { FormAction } from "../src/state/form.ts";
import { PRESETS } from "../src/state/presets.ts";
import { sessionOf } from "../src/state/session.ts";
import { initialState, type State } from "../src/state/state.ts";
import { stopRulesOf } from "../src/state/stopping.ts";
import { update } from "../src/state/update.ts";
import { placeOf } from "../src/statistics/summary.ts";
import { surfaceColour } from "../src/view/colours.ts";
import { METRICS } from "../src/view/metrics.ts";
import { placeOn, scaleOf } from "../src/view/surface.ts";
import { shareOf } from "../src/view/runs/map.tsx";
import { metricRange } from "../src/view/runs/strip.tsx";
import { outputsOf } from "../src/worker/plane.ts";
import { trainSeeds } from "../src/worker/population.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { startEngine } from "./engine_here.ts";
import { openPage, shown } from "./page_here.ts";

const engine = await startEngine();

const enter = (path: string, entered: string): FormAction => ({ kind: "enter_field", path, entered });
const after = (state: State, ...actions: readonly FormAction[]) => actions.reduce(update, state);
const preset = (title: string) => PRESETS.find((each) => each.title.includes(title)) ?? PRESETS[0];
const begun = (title: string) => initialState("light", preset(title));
const SURFACE = preset("Franke").experiment;

// ---- What is trained and shown -------------------------------------------------------------------

test("a surface is trained and shown: its predictions are the network's, and give the score", () => {
  const page = openPage(engine);
  const state = page.settled({ kind: "choose_preset", title: preset("Franke").title }, { kind: "train_epoch" });
  const result = shown(state);
  assert.deepEqual([result.classes, result.metric, result.sizes.at(-1)], [0, "r2", 1]);
  assert.equal(result.regions.numbers.length, result.regions.side ** 2);
  assert.deepEqual([result.answers, result.confusion], [{}, []]);
  const y = state.points?.splits.test.y ?? new Float32Array(0);
  const predicted = result.predictions.test ?? new Float32Array(0);
  assert.equal(predicted.length, 512);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const [lost, spread] = [predicted, y.map(() => mean)].map((p) => p.reduce((sum, each, i) => sum + (each - y[i]) ** 2, 0));
  assert.ok(Math.abs(1 - lost / spread - result.scores.test.metric) < 1e-5);
  engine.within(() => {
    const stepper = new Stepper(engine, SURFACE, 0n);
    stepper.replace(result.layers);
    assert.deepEqual(outputsOf(stepper, stepper.points("test").x, undefined), predicted);
  });
});

test("predictions are there for the splits that are shown, and for the test always", () => {
  const page = openPage(engine);
  const title = preset("Franke").title;
  const keys = (splits: "train" | "test" | "all") =>
    Object.keys(shown(page.settled({ kind: "choose_preset", title }, { kind: "show_splits", splits })).predictions).sort();
  assert.deepEqual([keys("train"), keys("test"), keys("all")], [["test", "train"], ["test"], ["test", "train", "validation"]]);
});

test("a hidden layer's picture has the targets, and a session comes back", () => {
  const page = openPage(engine);
  const title = preset("Franke").title;
  const state = page.settled({ kind: "choose_preset", title }, { kind: "open_tab", tab: "hidden" }, { kind: "train_epoch" });
  const { hidden, layers } = shown(state);
  assert.ok(hidden?.y.some((value) => value !== Math.round(value)));
  const again = openPage(engine);
  const opened = again.settled({ kind: "open_session", session: readSession(writeSession(sessionOf(state))) });
  assert.deepEqual(shown(opened).layers, layers);
});

test("a network that is no better than a constant is stuck, and one that learns is not", () => {
  for (const loss of ["mean_squared_error", "mean_absolute_error", "huber"]) {
    const training = { ...SURFACE.training, loss, epochs: 12 };
    const ends = ([1e-9, 0.01] as const).flatMap((learning_rate) => {
      const optimizer = { ...training.optimizer, learning_rate };
      const experiment = { ...SURFACE, training: { ...training, optimizer } };
      return trainSeeds(engine, { experiment, samples: null }, ["1", "2"]).map(({ ending }) => ending);
    });
    assert.deepEqual(ends, ["stuck", "stuck", "finished", "finished"], loss);
  }
});

test("networks that are trained one by one end as in a block", () => {
  const wide = { ...SURFACE, training: { ...SURFACE.training, epochs: 2 }, network: { ...SURFACE.network, layer_width: [20, 16] } };
  const [alone] = trainSeeds(engine, { experiment: wide, samples: null }, ["3"]);
  const stepper = new Stepper(engine, wide, 3n);
  stepper.train(2 * stepper.updatesPerEpoch);
  assert.equal(alone.metric, stepper.score("test").metric);
});

// ---- The form ------------------------------------------------------------------------------------

test("another kind of dataset takes a loss along, and what came of it is said", () => {
  const crossed = after(
    begun("1.2  two rings, relu"),
    enter("training.loss", "categorical_crossentropy"),
    enter("training.label_smoothing", "0.1"),
  );
  const surface = after(crossed, enter("dataset.kind", "franke"));
  const { loss, label_smoothing } = surface.experiment.training;
  assert.deepEqual([surface.experiment.dataset.kind, loss, label_smoothing], ["franke", "mean_squared_error", 0]);
  assert.match(surface.message ?? "", /^The loss categorical crossentropy is of classes, and the samples have a target: /);
  const back = after(surface, enter("training.loss", "huber"), enter("dataset.kind", "moons"));
  assert.deepEqual([back.experiment.dataset.kind, back.experiment.training.loss], ["moons", "mean_squared_error"]);
  assert.match(back.message ?? "", /^The loss huber is of targets, and the samples have classes: /);
});

test("rules that monitor an accuracy monitor a loss of a target; weights of classes go", () => {
  const stopping: FormAction = { kind: "set_optional", path: "training.early_stopping", on: true };
  const watching = after(begun("moons"), stopping, enter("training.early_stopping.monitor", "val_accuracy"), {
    kind: "set_optional",
    path: "training.class_weight",
    on: true,
  });
  const weighted = after(watching, enter("training.class_weight.1", "3"));
  const { training } = after(weighted, enter("dataset.kind", "plane")).experiment;
  assert.deepEqual([training.early_stopping?.monitor, training.class_weight], ["val_loss", null]);
});

test("of a target there is no stop rule of accuracy; one that was chosen makes way", () => {
  const state = update(begun("moons"), { kind: "set_stop_rule", stopRule: "accuracy" });
  assert.equal(after(state, enter("dataset.kind", "plane")).stopRule, "epochs");
  assert.equal(after(state, enter("dataset.kind", "circles")).stopRule, "accuracy");
  assert.ok(!stopRulesOf(SURFACE.dataset).includes("accuracy"));
});

test("own points in the place of a surface have classes, and their training a loss of classes", () => {
  const surface = after(begun("Franke"), enter("training.loss", "huber"));
  const points = [0, 1].flatMap((label) =>
    (["train", "validation", "test"] as const).map((split, i) => ({ x1: i, x2: label, label: String(label), split })),
  );
  const own = update(surface, { kind: "own_points", act: { kind: "open", points } });
  assert.equal(own.experiment.training.loss, "mean_squared_error");
  const back = update(own, { kind: "own_points", act: { kind: "back_to_dataset" } });
  assert.deepEqual([back.experiment.dataset.kind, metricOf(back.experiment)], ["franke", "r2"]);
});

// ---- Refusals ------------------------------------------------------------------------------------

test("what the page cannot draw is refused by one sentence", () => {
  const refused = (dataset: string, loss = "") => checkLimits(readToml(`dataset = ${dataset}\n[training]\nepochs = 1\n${loss}`));
  for (const kind of ["noisy_sine", "friedman_1"])
    assert.equal(
      refused(`"${kind}"`),
      `the playground draws samples of two features, received ${kind}: \`mlplab train\` takes others`,
    );
  assert.equal(
    refused('{kind = "file", path = "a.csv", target = "y"}', 'loss = "huber"'),
    "the playground takes own samples with classes, received targets: `mlplab train` takes both",
  );
  assert.equal(refused('"plane"'), null);
  const many = refused('{kind = "franke", train_samples = 30000}') ?? "";
  assert.match(many, /at most 20,000 training points, received 30,000/);
});

test("a session of a surface with the stop rule of accuracy is refused", () => {
  const text = writeSession({ ...sessionOf(begun("Franke")), stopRule: "accuracy" });
  assert.throws(() => readSession(text), /its stop rule is of an accuracy, and its samples have a target/);
});

// ---- Runs ----------------------------------------------------------------------------------------

test("a smaller error is the better one, and axes end where metrics do", () => {
  const others = [0.1, 0.2, 0.3, 0.4];
  assert.deepEqual([placeOf(0.05, others)?.below, placeOf(0.05, others, true)?.below], [0, 4]);
  assert.ok(metricRange([-2, 0.999], "r2").low < -2 && metricRange([-2, 1], "r2").high === 1);
  assert.equal(metricRange([0.001, 3], "mean_absolute_error").low, 0);
  assert.deepEqual(
    [METRICS.r2.write(-1.25), METRICS.mean_absolute_error.write(0.04321), METRICS.accuracy.write(0.5), METRICS.r2.write(NaN)],
    ["−1.2500", "0.0432", "50.00 %", "–"],
  );
});

test("cells of a map are shaded by rank where the metric has no bounds: one that is far off changes no other", () => {
  const shares = (medians: readonly number[], metric: "r2" | "mean_absolute_error") => medians.map((each) => shareOf(each, medians, metric));
  assert.deepEqual(shares([0.1, 0.2, 1e6], "mean_absolute_error"), [1, 0.5, 0]);
  assert.deepEqual(shares([0.9, -1e6, 0.8], "r2"), [1, 0, 0.5]);
  assert.deepEqual([0.5, 0.75, 1].map((each) => shareOf(each, [0.5, 0.75, 1], "accuracy")), [0, 0.5, 1]);
});

test("samples that measure are no hyperparameter, and more samples are the same task", () => {
  const paths = hyperparameters(SURFACE).map(({ path }) => path);
  assert.ok(paths.includes("dataset.train_samples") && !paths.includes("dataset.test_samples"));
  const more = withNumber(SURFACE, "dataset.train_samples", 1024);
  assert.ok(typeof more !== "string" && haveSameTask({ experiment: SURFACE, samples: null }, { experiment: more, samples: null }));
});

test("two set-ups of a target get no verdict, and a sentence says why", () => {
  const run = { seed: "1", ending: "finished", metric: 0.5 } as const;
  const part = { ...partOf({ experiment: SURFACE, samples: null }, ["1"]), runs: [run] };
  const verdict = verdictOf({ number: 1, parts: [part, part], judgement: judgeParts("comparison", [part, part]) });
  assert.match(verdict?.head ?? "", /^No verdict of a target: how large a difference matters depends on the target/);
});

// ---- Colours -------------------------------------------------------------------------------------

test("the scale holds all targets, and its lines are a round number apart", () => {
  const points = (y: readonly number[]) => {
    const split = { x: new Float32Array(2 * y.length), y: Float32Array.from(y) };
    return { splits: { train: split, validation: split, test: split }, extent: [0, 1, 0, 1] as const };
  };
  assert.deepEqual(scaleOf(points([-1, 3, 1])), { low: -1, high: 3, step: 0.5 });
  assert.deepEqual(scaleOf(points([2, 2])), { low: 1.5, high: 2.5, step: 0.1 });
  const scale = scaleOf(points([0, 4]));
  assert.deepEqual([-1, 0, 1, 4, 9].map((value) => placeOn(scale, value)), [0, 0, 0.25, 1, 1]);
});

test("equal steps of the scale are equal steps to the eye: each grows lighter, by as much as the others within a half", () => {
  const steps = 32;
  const colours = Array.from({ length: steps + 1 }, (_, i) => lab(surfaceColour(i / steps)));
  const apart = colours.slice(1).map((colour, i) => Math.hypot(...colour.map((each, j) => each - colours[i][j])));
  const mean = apart.reduce((sum, each) => sum + each, 0) / steps;
  assert.ok(apart.every((each) => Math.abs(each - mean) < 0.5 * mean), String(apart));
  assert.ok(colours.slice(1).every(([lightness], i) => lightness > colours[i][0]));
});

/** A colour in CIELAB, of the illuminant D65. */
function lab([r, g, b]: readonly [number, number, number]): readonly [number, number, number] {
  const light = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = [r, g, b].map((value) => light(value / 255));
  const f = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);
  const x = f((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = f(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = f((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
