// Losses, smoothed labels and weights by the classes that there are: what the form takes, and what is trained and shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment } from "../src/engine/experiment.ts";
import { writeSession } from "../src/exports/session_file.ts";
import { readSession } from "../src/exports/session_reading.ts";
import { whyNotOf } from "../src/spec/rules.ts";
import { validate } from "../src/spec/validate.ts";
import type { JsonTable } from "../src/spec/values.ts";
import { asWritten } from "../src/spec/written.ts";
import type { Action } from "../src/state/actions.ts";
import { CLASS_WEIGHT, type FormAction, writtenOut } from "../src/state/form.ts";
import type { OwnPointsAction } from "../src/state/own_points.ts";
import { classNames, labelNames } from "../src/state/point_set.ts";
import { PRESETS } from "../src/state/presets.ts";
import { sessionOf } from "../src/state/session.ts";
import { initialState, type State } from "../src/state/state.ts";
import { update } from "../src/state/update.ts";
import { hyperparameters } from "../src/studies/hyperparameters.ts";
import { trainSeeds } from "../src/worker/population.ts";
import { startEngine } from "./engine_here.ts";
import { openPage, shown } from "./page_here.ts";

const engine = await startEngine();

const RINGS = "1.2  two rings, relu";
const [MSE, BINARY, CATEGORICAL] = ["mean_squared_error", "binary_crossentropy", "categorical_crossentropy"];
const SMOOTHING = "training.label_smoothing";

const begun = (title = RINGS) => initialState("light", PRESETS.find((preset) => preset.title === title));
const enter = (path: string, entered: string): FormAction => ({ kind: "enter_field", path, entered });
const loss = (name: string) => enter("training.loss", name);
const weigh = (on: boolean): FormAction => ({ kind: "set_optional", path: CLASS_WEIGHT, on });
const own = (act: OwnPointsAction): Action => ({ kind: "own_points", act });
const after = (state: State, ...actions: readonly Action[]) => actions.reduce(update, state);
const said = ({ form }: State, path: string) => form.mistakes[path]?.message;
const weightsOf = ({ experiment }: State) => experiment.training.class_weight ?? null;

/** Own points: so many of each class. */
function drawnPoints(counts: Readonly<Record<string, number>>): Action {
  const points = Object.entries(counts).flatMap(([label, count], k) =>
    Array.from({ length: count }, (_, i) => {
      const split = (["train", "train", "validation", "test"] as const)[i % 4];
      return { x1: k + 0.1 * i, x2: 0.3 * Math.sin(i), label, split };
    }),
  );
  return own({ kind: "open", points });
}

test("binary cross-entropy is taken for two classes, and says so of more", () => {
  assert.equal(after(begun(), loss(BINARY)).experiment.training.loss, BINARY);
  const five = after(begun("1.3  five rings, momentum"), loss(BINARY));
  assert.match(said(five, "training.loss") ?? "", /is of two classes, received 5: categorical_crossentropy is of any number/);
  assert.equal(five.experiment.training.loss, MSE);
});

test("more classes wait for a loss of any number", () => {
  const three = after(begun(), loss(BINARY), enter("dataset.classes", "3"));
  assert.match(said(three, "dataset.classes") ?? "", /is of two classes, received 3/);
  assert.deepEqual([three.experiment.training.loss, three.experiment.dataset.classes], [BINARY, 2]);
  const right = after(three, loss(CATEGORICAL));
  assert.deepEqual([right.experiment.dataset.classes, right.form.mistakes], [3, {}]);
});

test("labels are smoothed with a cross-entropy; another loss takes that away, and a cross-entropy brings it back", () => {
  assert.match(said(after(begun(), enter(SMOOTHING, "0.1")), SMOOTHING) ?? "", /needs a cross-entropy/);
  const smoothed = after(begun(), loss(CATEGORICAL), enter(SMOOTHING, "0.1"));
  assert.equal(smoothed.experiment.training.label_smoothing, 0.1);
  const squared = after(smoothed, loss(MSE));
  assert.deepEqual([squared.experiment.training.label_smoothing, squared.form.mistakes], [0, {}]);
  assert.equal(after(squared, loss(BINARY)).experiment.training.label_smoothing, 0.1);
});

test("each class has a field for its weight once it is switched on, and 1 changes nothing", () => {
  const on = after(begun(), weigh(true));
  assert.deepEqual(writtenOut(on).training.class_weight, { 0: 1, 1: 1 });
  assert.deepEqual([weightsOf(on), on.training], [null, begun().training]);
  const weighted = after(on, enter(`${CLASS_WEIGHT}.1`, "5"));
  assert.deepEqual(weightsOf(weighted), { 1: 5 });
  const off = after(weighted, weigh(false));
  assert.deepEqual([weightsOf(off), writtenOut(off).training.class_weight], [null, null]);
  assert.deepEqual(weightsOf(after(off, weigh(true))), { 1: 5 });
  const alike = after(weighted, enter(`${CLASS_WEIGHT}.1`, "1"));
  assert.deepEqual([weightsOf(alike), writtenOut(alike).training.class_weight], [null, { 0: 1, 1: 1 }]);
});

test("what is no weight stays in its field, and a class must weigh something", () => {
  const none = after(begun(), weigh(true), enter(`${CLASS_WEIGHT}.0`, "-1"));
  assert.match(said(none, `${CLASS_WEIGHT}.0`) ?? "", /greater than or equal to 0/);
  const both = after(begun(), weigh(true), enter(`${CLASS_WEIGHT}.0`, "0"), enter(`${CLASS_WEIGHT}.1`, "0"));
  assert.match(said(both, `${CLASS_WEIGHT}.1`) ?? "", /must leave a class with a weight above 0/);
  assert.deepEqual(weightsOf(both), { 0: 0 });
  const stepped = after(begun(), weigh(true), { kind: "step_field", path: `${CLASS_WEIGHT}.1`, direction: 1 });
  assert.deepEqual(weightsOf(stepped), { 1: 2 });
});

test("weights of classes that go with a dataset go, too", () => {
  const weighted = [weigh(true), enter(`${CLASS_WEIGHT}.1`, "2"), enter(`${CLASS_WEIGHT}.4`, "3")];
  const two = after(begun("1.3  five rings, momentum"), ...weighted, enter("dataset.classes", "2"));
  assert.deepEqual([weightsOf(two), two.experiment.dataset.classes, two.form.mistakes], [{ 1: 2 }, 2, {}]);
  const moons = after(begun("1.3  five rings, momentum"), ...weighted, enter("dataset.kind", "moons"));
  assert.deepEqual([weightsOf(moons), moons.experiment.dataset.kind], [{ 1: 2 }, "moons"]);
});

test("weights and smoothing can be varied in a map, by names that say what they are", () => {
  const { experiment } = after(begun(), loss(CATEGORICAL), weigh(true), enter(`${CLASS_WEIGHT}.1`, "2"));
  const names = hyperparameters(experiment).map(({ name }) => name);
  assert.ok(names.includes("weight of class 1") && names.includes("label smoothing"), names.join());
});

test("one output is shown as the two classes that it tells apart", () => {
  const page = openPage(engine);
  const before = page.settled({ kind: "choose_preset", title: RINGS }, loss(BINARY));
  assert.equal(shown(before).step, 0);
  const state = page.settled({ kind: "train_epoch" }, { kind: "train_epoch" }, { kind: "open_tab", tab: "hidden" });
  const { sizes, classes, regions, responses, confusion, scores, answers, hidden } = shown(state);
  assert.deepEqual([sizes.at(-1), classes, classNames(state)], [1, 2, ["0", "1"]]);
  const points = regions.side ** 2;
  assert.equal(regions.numbers.length, 2 * points);
  for (let i = 0; i < points; i++) assert.ok(Math.abs(regions.numbers[i] + regions.numbers[points + i] - 1) < 1e-6);
  assert.equal(responses.numbers.length, sizes.reduce((sum, size) => sum + size, 0) * responses.side ** 2);
  const total = confusion.reduce((sum, count) => sum + count, 0);
  assert.equal((confusion[0] + confusion[3]) / total, scores.test.metric);
  assert.deepEqual([confusion.length, scores.train.predicted.length], [4, 2]);
  const right = answers.train?.filter((k, i) => k === state.points?.splits.train.y[i]).length ?? 0;
  assert.equal(right / (answers.train?.length ?? 1), scores.train.metric);
  assert.ok((hidden?.y.length ?? 0) > 0);
});

for (const actions of [
  [loss(BINARY), enter(SMOOTHING, "0.2"), weigh(true), enter(`${CLASS_WEIGHT}.0`, "3")],
  [{ kind: "choose_part", path: "network.kernel_regularizer", part: "l2" }],
] as const) {
  test(`a session comes back with ${actions[0].path}`, () => {
    const page = openPage(engine);
    const state = page.settled({ kind: "choose_preset", title: RINGS }, ...actions, { kind: "train_epoch" });
    const read = readSession(writeSession(sessionOf(state)));
    assert.deepEqual([read.experiment, read.snapshot], [state.experiment, shown(state).snapshot]);
    const again = page.settled({ kind: "open_session", session: read });
    assert.deepEqual(shown(again).layers, shown(state).layers);
  });
}

test("with a regularizer there are penalties beside the losses, and without one there are none", () => {
  const page = openPage(engine);
  const plain = shown(page.settled({ kind: "choose_preset", title: RINGS }, { kind: "train_epoch" }));
  assert.deepEqual([plain.penalty, plain.penalties.length], [null, 0]);
  const l2: FormAction = { kind: "choose_part", path: "network.kernel_regularizer", part: "l2" };
  const state = page.settled(l2, { kind: "train_epoch" }, { kind: "train_epoch" });
  const { penalty, penalties, history, layers } = shown(state);
  assert.deepEqual([history.length, penalties.length], [8, 4]);
  const { l2: strength } = state.experiment.network.kernel_regularizer as unknown as { readonly l2: number };
  const squares = layers.flatMap(({ weights }) => [...weights]).reduce((sum, w) => sum + w ** 2, 0);
  assert.ok(Math.abs((penalty ?? 0) / (strength * squares) - 1) < 1e-12);
  assert.ok(Math.abs((penalty ?? 0) / penalties[3] - 1) < 1e-6); // as the kernel has it after the epoch
});

// ---- Own points ----------------------------------------------------------------------------------

const TWO = { "a.b": 8, "it's %": 8 };
const PATH = `${CLASS_WEIGHT}.a%2Eb`;

test("own classes weigh by their names, whatever they are called", () => {
  const state = after(begun(), drawnPoints(TWO), loss(BINARY), weigh(true), enter(PATH, "4"));
  assert.deepEqual([weightsOf(state), state.form.mistakes], [{ "a.b": 4 }, {}]);
  const numbered = after(begun(), drawnPoints({ 0: 8, 1: 8 }), loss(BINARY), weigh(true), enter(`${CLASS_WEIGHT}.0`, "4"));
  const accuracyOf = ({ experiment, ownPoints }: State) => {
    const samples = ownPoints.set?.samples ?? null;
    return trainSeeds(engine, { experiment, samples }, ["1", "2"]);
  };
  assert.deepEqual(accuracyOf(state), accuracyOf(numbered));
  const page = openPage(engine);
  const last = (given: State) => {
    page.settled({ kind: "open_session", session: sessionOf(given) });
    return shown(page.settled({ kind: "train_epoch" })).layers;
  };
  assert.deepEqual(last(state), last(numbered));
  assert.notDeepEqual(last(state), last(after(numbered, weigh(false))));
});

test("a third class makes way for itself, and says so", () => {
  const two = after(begun(), drawnPoints(TWO), loss(BINARY));
  const three = after(two, drawnPoints({ ...TWO, c: 8 }));
  assert.equal(three.experiment.training.loss, CATEGORICAL);
  assert.match(three.ownPoints.said, /The loss binary crossentropy is of two classes, and there are 3: categorical crossentropy took its place\./);
  const refused = after(three, loss(BINARY));
  assert.match(said(refused, "training.loss") ?? "", /is of two classes, received 3/);
});

test("a weight goes with its class, and the page goes on training", () => {
  const weighted = after(begun(), drawnPoints({ ...TWO, c: 8 }), weigh(true), enter(`${CLASS_WEIGHT}.c`, "2"), enter(PATH, "0.5"));
  assert.deepEqual(weightsOf(weighted), { "a.b": 0.5, c: 2 });
  const two = after(weighted, drawnPoints(TWO));
  assert.deepEqual([weightsOf(two), two.form.mistakes], [{ "a.b": 0.5 }, {}]);
  assert.match(two.ownPoints.said, /The weight of class c went\./);
  // Where nothing that is left would weigh anything, all weights go.
  const nothing = after(begun(), drawnPoints({ ...TWO, c: 8 }), weigh(true), enter(PATH, "0"), enter(`${CLASS_WEIGHT}.it's%20%25`, "0"));
  assert.deepEqual(weightsOf(nothing), { "a.b": 0, "it's %": 0 });
  assert.equal(weightsOf(after(nothing, drawnPoints(TWO))), null);
});

test("a dataset that comes back has classes of its own", () => {
  const away = after(begun("1.3  five rings, momentum"), drawnPoints(TWO), loss(BINARY), own({ kind: "back_to_dataset" }));
  assert.deepEqual([away.experiment.training.loss, away.experiment.dataset.classes], [CATEGORICAL, 5]);
  assert.match(away.message ?? "", /is of two classes, and there are 5/);
});

test("a session whose loss or weights are not of its classes is refused", () => {
  const { experiment } = after(begun(), drawnPoints(TWO), loss(BINARY));
  const text = (training: Partial<Experiment["training"]>, counts: Readonly<Record<string, number>>) => {
    const session = sessionOf(after(begun(), drawnPoints(counts)));
    return writeSession({ ...session, experiment: { ...experiment, training: { ...experiment.training, ...training } } });
  };
  assert.throws(() => readSession(text({}, { ...TWO, c: 8 })), /is of two classes, received 3/);
  assert.throws(() => readSession(text({ class_weight: { d: 2 } }, TWO)), /a weight for 'd', which is no class/);
  assert.doesNotThrow(() => readSession(text({ class_weight: { "a.b": 2 } }, TWO)));
});

// ---- All together --------------------------------------------------------------------------------

test("whatever is entered, chosen, drawn and undone: what there is can be trained", () => {
  let random = 12345;
  const below = (n: number) => {
    random = (random * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((random / 2 ** 31) * n);
  };
  const pick = <T>(all: readonly T[]): T => all[below(all.length)];
  const act: Readonly<Record<string, () => Action>> = {
    loss: () => loss(pick([MSE, BINARY, CATEGORICAL])),
    smoothing: () => enter(SMOOTHING, pick(["0", "0.1", "1"])),
    switch: () => weigh(below(2) === 0),
    weight: () => enter(`${CLASS_WEIGHT}.${pick(["0", "1", "2", "4", "a%2Eb"])}`, pick(["0", "1", "3", "x"])),
    classes: () => enter("dataset.classes", pick(["2", "3", "5"])),
    kind: () => enter("dataset.kind", pick(["polar", "moons", "linear", "spirals"])),
    own: () => drawnPoints(pick([TWO, { ...TWO, c: 8 }, { 0: 8, 1: 8 }, { 0: 8, 2: 8, 4: 8 }, { 0: 2 }])),
    undo: () => own({ kind: pick(["undo", "redo", "back_to_dataset"] as const) }),
    preset: () => ({ kind: "choose_preset", title: pick([RINGS, "1.3  five rings, momentum"]) }),
  };
  let state = begun();
  const seen = { own: 0, one: 0, weighted: 0, smoothed: 0 };
  for (let i = 0; i < 1200; i++) {
    const name = pick(Object.keys(act).filter((each) => each !== "preset" || i % 7 === 0));
    state = update(state, act[name]());
    const { experiment, ownPoints } = state;
    const { loss: chosen, label_smoothing, class_weight } = experiment.training;
    const set = ownPoints.set;
    assert.doesNotThrow(() => validate(asWritten(experiment)), `${i}: ${name}`);
    if (set !== null && set.missing !== "") continue;
    const training = experiment.training as unknown as JsonTable;
    const { length } = labelNames(state);
    assert.equal(whyNotOf(length, training, labelNames(state)), null, `${i}: ${name}`);
    seen.own += Number(set !== null);
    seen.one += Number(chosen === BINARY);
    seen.weighted += Number((class_weight ?? null) !== null);
    seen.smoothed += Number((label_smoothing ?? 0) > 0);
  }
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 30, `${what}: ${count}`);
});
