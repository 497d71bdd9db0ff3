// Linear regions as the page shows them: on when they are wanted, and of the network that is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import { linearRegions } from "../src/engine/linear_regions.ts";
import { PRESETS } from "../src/state/presets.ts";
import type { State } from "../src/state/state.ts";
import { describeLinearRegions } from "../src/view/linear_regions.ts";
import { startEngine } from "./engine_here.ts";
import { Stepper } from "../src/engine/stepper.ts";
import { makeRegionsFinder } from "../src/worker/linear_regions.ts";
import { planePoints } from "../src/worker/plane.ts";
import { openPage, shown } from "./page_here.ts";

const engine = await startEngine();
const SHOW = { kind: "show_linear_regions", on: true } as const;
const RINGS = "1.2  two rings, relu";

function foundIn(state: State) {
  const { linearRegions: found } = shown(state);
  assert.ok(found !== null && found.kind === "found");
  return found;
}

test("they are found when they are wanted, and follow the training", () => {
  const page = openPage(engine);
  assert.equal(shown(page.settled({ kind: "choose_preset", title: RINGS })).linearRegions, null);
  const before = foundIn(page.settled(SHOW)).drawn;
  page.settled({ kind: "train_epoch" }, { kind: "train_epoch" }, { kind: "train_epoch" });
  const after = foundIn(page.get());
  assert.ok(before !== null && after.drawn !== null);
  assert.notDeepEqual(after.drawn.edges, before.edges);
  assert.equal(after.step, shown(page.get()).step);
  assert.equal(shown(page.settled({ kind: "show_linear_regions", on: false })).linearRegions, null);
});

test("they are of the weights that are shown, also where one looks back", () => {
  const page = openPage(engine);
  page.settled({ kind: "choose_preset", title: RINGS });
  const first = foundIn(page.settled(SHOW));
  page.settled({ kind: "train_epoch" });
  const back = page.settled({ kind: "look_at", step: 0 });
  assert.equal(shown(back).shownStep, 0);
  assert.deepEqual(foundIn(back), first);
});

test("no output jumps across an edge: regions are those of the layers", () => {
  const page = openPage(engine);
  page.settled({ kind: "choose_preset", title: RINGS }, SHOW);
  const { layers, sizes, points } = shown(page.settled({ kind: "train_epoch" }));
  const extent = (points ?? page.get().points)?.extent;
  assert.ok(extent !== undefined);
  const again = linearRegions(engine, { sizes, layers, activations: ["relu"], classes: 2 }, [...extent], 1000);
  assert.ok(typeof again !== "string");
  assert.equal(foundIn(page.get()).count, again.count);
  assert.deepEqual(foundIn(page.get()).drawn?.boundary, Float32Array.from(again.boundary));
});

test("where they cost much, a network that trains is not drawn, and they are not found each time", () => {
  const { stepper, points } = (() => {
    const [{ experiment }] = PRESETS.filter(({ title }) => title === RINGS);
    const made = new Stepper(engine, experiment, 0n);
    return { stepper: made, points: planePoints(made) };
  })();
  let time = 0;
  let pace = 1;
  const now = () => (time += pace);
  const find = makeRegionsFinder(engine, stepper, points.extent);
  const next = (playing: boolean) => {
    stepper.train(1);
    const found = find(stepper.step, stepper.layers, playing, now);
    assert.ok(found.kind === "found");
    return found;
  };
  assert.ok(next(true).drawn !== null);
  pace = 100; // of the clock, at each look
  const slow = next(true);
  assert.deepEqual([slow.step, slow.drawn], [2, null]);
  assert.equal(next(true).step, 2);
  const standing = next(false);
  assert.equal(standing.step, 4);
  assert.ok(standing.drawn !== null);
  time += 10_000;
  assert.equal(next(true).step, 5);
  pace = 1;
  time += 10_000;
  assert.ok(next(true).drawn !== null);
});

test("a curved activation has none, and is named", () => {
  const page = openPage(engine);
  page.settled({ kind: "choose_preset", title: RINGS }, SHOW);
  const { experiment } = page.get();
  const network = { ...experiment.network, activation: "tanh" };
  const found = shown(page.settled({ kind: "set_experiment", experiment: { ...experiment, network } })).linearRegions;
  assert.ok(found?.kind === "none");
  assert.match(found.sentence, /linear, relu, leaky_relu, hard_sigmoid, relu6: with tanh it has none/);
});

test("each preset has a sentence", () => {
  const page = openPage(engine);
  page.settled(SHOW);
  for (const { title } of PRESETS) {
    const result = shown(page.settled({ kind: "choose_preset", title }));
    assert.ok(result.linearRegions !== null);
    assert.match(describeLinearRegions(result.linearRegions, result.classes > 0), /\d linear region|has none/, title);
  }
});

test("what is said", () => {
  const segments = Float32Array.of(0, 0, 1, 1);
  const drawn = { edges: segments, boundary: segments };
  const found = { kind: "found", step: 4000, count: 1234, length: 2.5, drawn } as const;
  assert.equal(describeLinearRegions(found, true), "1,234 linear regions; decision boundary 2.5 long");
  assert.equal(describeLinearRegions({ ...found, count: 1 }, false), "1 linear region");
  assert.equal(
    describeLinearRegions({ ...found, drawn: null }, true),
    "1,234 linear regions after update 4,000; drawn when the training stands",
  );
});
