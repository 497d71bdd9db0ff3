// The tab of the step: what the worker is asked for, the stages, the weight that is followed, and what is said.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Experiment } from "../src/engine/experiment.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { followedPlace, NO_STEP, shownStage, stagesOf, type StepAction } from "../src/state/step.ts";
import type { Action } from "../src/state/actions.ts";
import { type Line, linesOf, Reading } from "../src/view/step/lines.ts";
import { shownNeurons } from "../src/view/step/shown_neurons.ts";
import type { Observed } from "../src/worker/messages.ts";
import { startEngine } from "./engine_here.ts";
import cases from "./golden/observed.json";
import { openPage, shown } from "./page_here.ts";
import type { State } from "../src/state/state.ts";

const engine = await startEngine();
const step = (act: StepAction): Action => ({ kind: "step", act });
const openTab: Action = { kind: "open_tab", tab: "step" };

function observedOf(state: State): Observed {
  const { observed } = shown(state);
  assert.ok(observed !== null);
  return observed;
}

test("the next update is looked at while the tab is open and the network stands", () => {
  const page = openPage(engine);
  assert.equal(shown(page.settled({ kind: "train_update" })).observed, null);
  const opened = observedOf(page.settled(openTab));
  assert.deepEqual([opened.update, opened.point, opened.samples.length], [1, null, 16]);
  const after = page.settled({ kind: "train_update" });
  assert.deepEqual(shown(after).layers, opened.after);
  const alone = observedOf(page.settled(step({ kind: "choose_point", point: 7 })));
  assert.deepEqual([alone.update, alone.point, alone.samples], [2, 7, [7]]);
  assert.equal(shown(page.settled({ kind: "open_tab", tab: "answers" })).observed, null);
});

test("where one looks back, the update is that which was made then", () => {
  const page = openPage(engine);
  const first = observedOf(page.settled(openTab));
  page.settled({ kind: "train_epoch" });
  assert.deepEqual(observedOf(page.settled({ kind: "look_at", step: 0 })).after, first.after);
});

test("a point that is not there is refused in a sentence", () => {
  const page = openPage(engine);
  page.settled(openTab);
  for (const point of [-1, 1024, 1.5, NaN]) {
    const { message, step: kept } = page.settled(step({ kind: "choose_point", point }));
    assert.match(message ?? "", /^There are 1024 training points, numbers 0 to 1023; .* is none of them\.$/);
    assert.deepEqual(kept, NO_STEP);
  }
  for (const text of ["", " ", "abc", "0x10", "1e2", "5.0"]) {
    const { message, step: kept } = page.settled(step({ kind: "enter_point", text }));
    assert.equal(message, `There are 1024 training points, numbers 0 to 1023; '${text}' is none of them.`);
    assert.deepEqual(kept, NO_STEP);
  }
  assert.equal(page.settled(step({ kind: "enter_point", text: " 1023 " })).step.point, 1023);
});

test("where there are fewer points, and not the chosen one, it is the batch that is chosen", () => {
  const page = openPage(engine);
  page.settled(openTab, step({ kind: "choose_point", point: 0 }));
  const { experiment } = page.settled(step({ kind: "choose_point", point: 1000 }));
  const smaller = (train_per_class: number): Action => ({
    kind: "set_experiment",
    experiment: { ...experiment, dataset: { ...experiment.dataset, train_per_class } } as Experiment,
  });
  assert.equal(page.settled(smaller(501)).step.point, 1000);
  const state = page.settled(smaller(10));
  assert.deepEqual([state.step.point, observedOf(state).point], [null, null]);
});

test("stages come one after the other, and slow motion ends with the last", () => {
  const page = openPage(engine);
  page.settled(openTab);
  assert.deepEqual(stagesOf(2).map(({ kind }) => kind), ["forward", "forward", "loss", "back", "back", "weight", "effect"]);
  const at = (act: StepAction) => {
    const state = page.act(step(act));
    return [shownStage(state), state.step.playing];
  };
  assert.deepEqual(at({ kind: "go_to_stage", stage: -1 }), [0, false]);
  assert.deepEqual(at({ kind: "play", on: true }), [0, true]);
  for (let stage = 1; stage < 6; stage++) assert.deepEqual(at({ kind: "next_stage" }), [stage, true]);
  assert.deepEqual(at({ kind: "next_stage" }), [6, false]);
  assert.deepEqual(at({ kind: "go_to_stage", stage: 99 }), [6, false]);
  assert.deepEqual(at({ kind: "play", on: true }), [0, true]);
  assert.deepEqual([at({ kind: "move_stage", by: 1 }), at({ kind: "move_stage", by: 1 })], [[1, false], [2, false]]);
});

test("the weight of the largest gradient is followed, unless the network has another that was chosen", () => {
  const page = openPage(engine);
  const observed = observedOf(page.settled(openTab));
  const largest = followedPlace(observed, null);
  const { weights, biases } = observed.gradient[largest.layer];
  const size = Math.abs(weights[(largest.output * weights.length) / biases.length + (largest.source ?? 0)]);
  assert.equal(size, Math.max(...observed.gradient.flatMap((layer) => [...layer.weights].map(Math.abs))));
  const chosen = { layer: 1, output: 1, source: null };
  assert.deepEqual(followedPlace(observed, chosen), chosen);
  for (const gone of [{ layer: 2, output: 0, source: 0 }, { layer: 1, output: 2, source: 0 }, { layer: 0, output: 0, source: 2 }])
    assert.deepEqual(followedPlace(observed, gone), largest);
});

test("two choices, or two keys, before the page is drawn again are both kept", () => {
  const page = openPage(engine);
  page.settled(openTab);
  page.act(step({ kind: "choose_weight", changed: { layer: 0, output: 0, source: 0 } }));
  page.act(step({ kind: "choose_weight", changed: { output: 3 } }), step({ kind: "choose_weight", changed: { source: null } }));
  assert.deepEqual(page.get().step.place, { layer: 0, output: 3, source: null });
  const moved = (...by: readonly number[]) => page.act(...by.map((each) => step({ kind: "move_point", by: each }))).step.point;
  assert.deepEqual([moved(1), moved(1, 1), moved(-1, -1, -1)], [0, 2, 1023]);
});

test("where no weight has a gradient, what moves most is followed", () => {
  const [{ experiment }] = cases;
  const zeros = { kind: "zeros", shared: false };
  const network = { ...experiment.network, initializer: zeros, bias_initializer: zeros };
  const observed = engine.within(() => new Stepper(engine, { ...experiment, network } as unknown as Experiment, 3n).observe(null));
  assert.ok(observed.gradient.every(({ weights }) => weights.every((value) => value === 0)));
  const place = followedPlace({ ...observed, regionsAfter: { side: 0, numbers: new Float32Array(0) } }, null);
  const last = observed.after.length - 1;
  const sizes = [...observed.after[last].biases].map(Math.abs);
  assert.ok(Math.max(...sizes) > 0);
  assert.deepEqual(place, { layer: last, output: sizes.indexOf(Math.max(...sizes)), source: null });
});

/** An update of a case of Python's. */
function readingOf(each: (typeof cases)[number]): Reading {
  const experiment = each.experiment as unknown as Experiment;
  const observed = engine.within(() => {
    const stepper = new Stepper(engine, experiment, BigInt(each.seed));
    stepper.train(each.update);
    return stepper.observe(each.point);
  });
  return new Reading({ ...observed, regionsAfter: { side: 0, numbers: new Float32Array(0) } }, experiment);
}

/** A line as text. */
function saidOf({ left, numbers, value }: Line): string {
  return `${left === undefined ? "" : `${left} = `}${numbers}${value === undefined ? "" : ` = ${value}`}`;
}

test("of each update is said what Python says of it", () => {
  for (const each of cases) {
    const reading = readingOf(each);
    const { observed } = reading;
    const all = observed.h.map((level) => Array.from({ length: level.length / reading.samples }, (_, j) => j));
    const place = followedPlace(observed, null);
    const stages = stagesOf(observed.before.length).filter(({ kind }) => kind !== "effect");
    // Of a neuron that answers 0 anyway, the page cannot see what dropout's mask is.
    const unmasked = (line: string) => line.replace(/ · (0|1\.333)( · 0)? = 0( \(dropout's mask is .*\))?$/, " = 0");
    const found = stages.flatMap((stage) => linesOf(reading, stage, all, place)).map(saidOf);
    assert.deepEqual(found.map(unmasked), each.lines.map(unmasked));
  }
});

test("each stage has its lines, for every case, with numbers that follow from one another", () => {
  for (const each of cases) {
    const reading = readingOf(each);
    const place = followedPlace(reading.observed, null);
    for (const stage of stagesOf(2)) {
      const { neurons } = shownNeurons(reading, stage, place);
      const lines = linesOf(reading, stage, neurons, place);
      assert.ok(lines.length > 0);
      assert.ok(lines.every(({ numbers, value }) => !/undefined|NaN/.test(`${numbers} ${value ?? ""}`)));
    }
    const p = reading.of(reading.observed.h[2]);
    const { g } = reading.outputs;
    const mean = g.reduce((sum, slope, k) => sum + slope * p[k], 0);
    const [weight] = reading.observed.sampleWeights;
    reading.of(reading.observed.delta[1]).forEach((delta, k) => {
      const expected = (p[k] * (g[k] - mean) * weight) / reading.samples;
      assert.ok(Math.abs(delta - expected) < 1e-6, `δ of output ${k}`);
    });
  }
});

test("a weight's lines have penalty, clipping, decay and memory where there are any", () => {
  const [, , besides] = cases;
  const reading = readingOf(besides);
  const lines = linesOf(reading, { kind: "weight" }, [], { layer: 0, output: 1, source: 0 });
  const said = lines.map(saidOf).join("\n");
  for (const part of ["∂L/∂w + ∂P/∂w", "(global_clipnorm)", "w - ηλ · w", "m + (1 - β₁) · (g - m)", "w - α · m / (√(v) + ε)"])
    assert.ok(said.includes(part), `${part} in ${said}`);
  const ofBias = linesOf(reading, { kind: "weight" }, [], { layer: 0, output: 1, source: null });
  assert.ok(!ofBias.some(({ numbers }) => numbers.includes("∂P/∂w")));
});
