// A session comes back to the last bit; whatever else comes in is refused with a sentence.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readLink, writeLink } from "../src/exports/link.ts";
import { Refusal } from "../src/text/refusal.ts";
import { VERSION, writeSession } from "../src/exports/session_file.ts";
import { readOpened, readSession } from "../src/exports/session_reading.ts";
import { SHIPPED } from "../src/lessons/shipped.ts";
import type { Action } from "../src/state/actions.ts";
import { changes, describeChange } from "../src/state/provenance.ts";
import { type Session, sessionOf } from "../src/state/session.ts";
import { initialState, type State } from "../src/state/state.ts";
import { update } from "../src/state/update.ts";
import { startEngine } from "./engine_here.ts";
import { openPage, shown } from "./page_here.ts";

type Table = Record<string, any>;

// A page has an engine to itself.
const engine = await startEngine();
const other = await startEngine();

/** Half an epoch, other settings, a number by hand, and two epochs and a half more. */
function changedRun(first: Action) {
  const page = openPage(engine);
  const { experiment } = page.settled(first, { kind: "train_epoch" }, { kind: "train_update" });
  const optimizer = { ...experiment.training.optimizer, learning_rate: 0.25 };
  const training = { ...experiment.training, batch_size: 48, epochs: 9, optimizer };
  page.settled(
    { kind: "set_experiment", experiment: { ...experiment, training } },
    { kind: "train_epoch" },
    { kind: "set_number", place: { layer: 0, output: 1, source: null }, value: 0.1 },
    { kind: "train_epoch" },
    { kind: "train_update" },
  );
  return page;
}

const RINGS: Action = { kind: "choose_preset", title: "1.2  two rings, relu" };
const SEED: Action = { kind: "set_seed", seed: "4611686018427387904" };
const PLAY: Action = { kind: "toggle_play" };

/** A page that has opened a session as text, and trained to its end. */
function reopened(session: Session) {
  const page = openPage(other);
  page.settled({ kind: "open_session", session: readSession(writeSession(session)) });
  return page;
}

function assertAlike(one: State, again: State): void {
  const [a, b] = [shown(one), shown(again)];
  assert.deepEqual([b.step, b.epoch, b.layers, b.history], [a.step, a.epoch, a.layers, a.history]);
  assert.deepEqual(b.rates, a.rates); // the past that was
  assert.deepEqual(changes(again).map(describeChange), changes(one).map(describeChange));
  assert.deepEqual([again.experiment, again.seed, again.stopRule], [one.experiment, one.seed, one.stopRule]);
}

for (const what of ["with the network", "trained anew"] as const) {
  test(`a session comes back and goes on as it would have: ${what}`, () => {
    const page = changedRun(RINGS);
    const session = sessionOf(page.settled({ kind: "set_stop_rule", stopRule: "never" }));
    assert.notEqual(session.snapshot, null);
    const again = reopened(what === "trained anew" ? { ...session, snapshot: null } : session);
    assertAlike(page.get(), again.get());
    const go: Action[] = [{ kind: "set_stop_rule", stopRule: "epochs" }, PLAY];
    assertAlike(page.settled(...go), again.settled(...go));
    assert.equal(shown(again.get()).ending, "stop rule");
  });
}

test("a session of a session is the same", () => {
  const session = sessionOf(changedRun(SEED).get());
  const again = sessionOf(reopened(session).get());
  assert.equal(writeSession(again), writeSession(session));
  const anew = sessionOf(reopened({ ...session, snapshot: null }).get());
  assert.equal(writeSession(anew), writeSession(session));
});

test("who looks back takes what is shown, and nothing of what came after", () => {
  const page = changedRun(SEED);
  const looked = page.settled({ kind: "look_at", step: 60 });
  const again = reopened(sessionOf(looked)).get();
  assert.equal(shown(again).step, shown(looked).shownStep);
  assert.deepEqual(shown(again).layers, shown(looked).layers);
  // It goes on with the settings of the end, as "go on from here" does.
  assert.deepEqual(again.experiment, looked.experiment);
  const first = sessionOf(page.settled({ kind: "look_at", step: 0 }));
  assert.deepEqual([first.changes, first.experiment], [[], looked.experiment]);
});

test("while it trains, a session is trained anew up to where it was", () => {
  const page = openPage(engine);
  const before = page.settled({ kind: "train_epoch" });
  const playing = update(before, PLAY);
  const result = { ...shown(before), playing: true, snapshot: null };
  const session = sessionOf(update(playing, { kind: "result", result: { ...result, number: result.number + 1 } }));
  assert.equal(session.snapshot, null);
  assertAlike(before, reopened(session).get());
});

test("a diverged network comes back as one", () => {
  const page = openPage(engine);
  const { experiment } = page.settled(RINGS);
  const training = { ...experiment.training, optimizer: { ...experiment.training.optimizer, learning_rate: 1e30 } };
  page.settled({ kind: "set_experiment", experiment: { ...experiment, training } }, PLAY);
  const session = sessionOf(page.get());
  assert.equal(shown(page.get()).ending, "diverged");
  assert.equal(shown(reopened(session).get()).ending, "diverged");
  assert.equal(shown(reopened({ ...session, snapshot: null }).get()).ending, "diverged");
});

/** Ten points of each of two classes, whose names are none of the page's. */
const POINTS = Array.from({ length: 20 }, (_, i) => ({
  x1: 0.1 * i,
  x2: i % 2 === 0 ? 1 / 3 : 0.9,
  label: i % 2 === 0 ? 'say "b",\n{c} <b>' : "ä",
  split: (["train", "validation", "test", "train"] as const)[Math.floor(i / 2) % 4],
}));
const OPEN_POINTS: Action = { kind: "own_points", act: { kind: "open", points: POINTS } };

test("a training that stopped early comes back as one, with the weights of its best epoch", () => {
  const path = "training.early_stopping";
  const page = openPage(engine);
  page.settled(
    RINGS,
    { kind: "enter_field", path: "training.epochs", entered: "90" },
    { kind: "set_optional", path, on: true },
    { kind: "enter_field", path: `${path}.patience`, entered: "2" },
    { kind: "enter_field", path: `${path}.monitor`, entered: "val_accuracy" },
    { kind: "enter_field", path: `${path}.restore_best_weights`, entered: true },
  );
  const state = page.settled(PLAY);
  assert.equal(shown(state).ending, "stopped early");
  assert.ok(shown(state).epoch < 90);
  const again = reopened(sessionOf(state));
  assertAlike(state, again.get());
  assert.equal(shown(again.get()).ending, "stopped early");
  assert.match(String(again.settled(PLAY).message), /Early stopping ended the training after epoch \d+\./);
});

test("own points come back, on the same square of the plane, and can be undone", () => {
  const page = openPage(engine);
  page.settled(OPEN_POINTS, { kind: "train_epoch" }, { kind: "train_update" });
  const session = sessionOf(page.get());
  for (const snapshot of [session.snapshot, null]) {
    const again = reopened({ ...session, snapshot });
    assert.deepEqual(again.get().ownPoints.set, page.get().ownPoints.set);
    assertAlike(page.get(), again.get());
    const undone = again.settled({ kind: "own_points", act: { kind: "undo" } });
    assert.deepEqual([undone.ownPoints.set, shown(undone).step], [null, 0]);
  }
});

test("classes of a forged session have one name each, which every file can hold", () => {
  const file = JSON.parse(writeSession(sessionOf(openPage(engine).settled(OPEN_POINTS)))) as Table;
  const labels = [" a ", "b", "\ud800"];
  const points = (file["points"] as [number, number, string, string][]).map(([x1, x2, , split], i) => [x1, x2, labels[i % 3], split]);
  const { points: set } = readSession(JSON.stringify({ ...file, network: undefined, points }));
  assert.deepEqual([...new Set(set?.points.map(({ label }) => label))].sort(), [...(set?.classes ?? [])].sort());
  assert.ok(set?.classes.includes("\ufffd"));
});

test("too few own points come back as well, and can be added to", () => {
  const page = openPage(engine);
  page.settled({ kind: "own_points", act: { kind: "draw_own" } });
  page.settled({ kind: "own_points", act: { kind: "add", x1: 0.25, x2: 0.5 } });
  const state = reopened(sessionOf(page.get())).get();
  assert.deepEqual(state.ownPoints.set?.points, page.get().ownPoints.set?.points);
  assert.deepEqual(state.ownPoints.set?.plane, page.get().ownPoints.set?.plane);
  assert.deepEqual([state.ownPoints.tool, state.ownPoints.set?.offered, state.shownSplits], ["add", ["0", "1"], "all"]);
});

test("weights of a whole layer that were put in by hand are put in again", () => {
  const page = openPage(engine);
  page.settled({ kind: "choose_preset", title: "1.1  two clouds, batch 16" }, { kind: "train_update" });
  page.settled({ kind: "line", act: { kind: "next_solution" } }, { kind: "train_epoch" });
  const session = sessionOf(page.get());
  assert.deepEqual(session.changes.map(({ kind }) => kind), ["weights"]);
  assertAlike(page.get(), reopened({ ...session, snapshot: null }).get());
  const [change] = JSON.parse(writeSession(session)).changes as Table[];
  change["biases"] = [1];
  const forged = { ...JSON.parse(writeSession(session)), changes: [change] };
  assert.throws(() => readSession(JSON.stringify(forged)), /a list of 2 numbers/);
});

test("what Python puts into the page opens", () => {
  const { experiment } = initialState("light");
  const session = readOpened(JSON.stringify({ experiment, seed: "3", stop_rule: "never" }));
  assert.deepEqual([session.seed, session.stopRule, session.step], ["3", "never", 0]);
  assert.equal(readOpened(JSON.stringify({ experiment, seed: 7 })).seed, "7");
  const own = { ...experiment, dataset: { kind: "file", path: "points.csv" } };
  const points = POINTS.map(({ x1, x2, label, split }) => [x1, x2, label, split]);
  const opened = readOpened(JSON.stringify({ experiment: own, points }));
  const page = openPage(engine).settled({ kind: "open_session", session: opened });
  assert.deepEqual(page.ownPoints.set, openPage(engine).settled(OPEN_POINTS).ownPoints.set);
});

// ---- Links -----------------------------------------------------------------------------------------

const page = changedRun(SEED);
const whole = sessionOf(page.get());
const LINK = await writeLink(whole);
const SHORT = await writeLink({ ...whole, snapshot: null });

test("a link holds everything, in letters that an address may have; the short one is short", async () => {
  assert.match(LINK + SHORT, /^[A-Za-z0-9_-]*$/);
  assert.equal(writeSession(await readLink(LINK)), writeSession(whole));
  assert.ok(SHORT.length < 1000, `it has ${SHORT.length} letters`);
});

async function refused(fragment: string): Promise<string> {
  try {
    await readLink(fragment);
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.ok(!error.message.includes("\n"));
    return error.message;
  }
  throw new Error("it was not refused");
}

test("a link that is none, damaged, or of another version is refused in our words", async () => {
  assert.match(await refused("nothing"), /no link of the playground/);
  assert.match(await refused(LINK.replace(`-${VERSION}-`, "-1-")), /version 1, and this page reads versions 2 and 3/);
  assert.match(await refused(LINK.slice(0, LINK.length / 2)), /damaged or cut off/);
  assert.match(await refused(`${LINK.slice(0, 60)}AAAA${LINK.slice(64)}`), /damaged or cut off/);
  assert.match(await refused(`${LINK}%%`), /damaged or cut off/);
  assert.match(await refused(`mlplab-${VERSION}-`), /damaged or cut off/);
});

test("a link that swells is refused", async () => {
  const stream = new Blob([new Uint8Array(17_000_000)]).stream().pipeThrough(new CompressionStream("deflate"));
  const packed = Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url");
  assert.match(await refused(`mlplab-${VERSION}-${packed}`), /damaged/);
});

// ---- Forged sessions -------------------------------------------------------------------------------

/** Why a session that was changed somewhere is refused. */
function refusal(change: (file: Table) => void): string {
  const file = JSON.parse(writeSession(whole)) as Table;
  change(file);
  try {
    readSession(JSON.stringify(file));
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    return error.message;
  }
  return "";
}

function withPoints(file: Table, points: unknown): void {
  file["points"] = points;
  file["plane"] = [0, 1, 0, 1];
}

test("a forged session is refused with one sentence", () => {
  const cases: [RegExp, (file: Table) => void][] = [
    [/no session/, (file) => (file["format"] = "x")],
    [/version 4, and this page reads versions 2 and 3/, (file) => (file["version"] = 4)],
    [/no experiment/, (file) => delete file["experiment"]],
    [/dataset.sigma/, (file) => (file["experiment"].dataset.sigma = -1)],
    [/at most 10,000 epochs/, (file) => (file["experiment"].training.epochs = 1e6)],
    [/open that file itself/, (file) => (file["experiment"].dataset = { kind: "file", path: "/etc/x.csv" })],
    [/float32, received float64/, (file) => (file["experiment"].training.dtype = "float64")],
    [/its seed is none/, (file) => (file["seed"] = "-4")],
    [/its seed is none/, (file) => (file["seed"] = "4611686018427387905")],
    [/no stop rule x/, (file) => (file["stop_rule"] = "x")],
    [/no stop rule a list/, (file) => (file["stop_rule"] = ["epochs"])],
    [/number of updates is/, (file) => (file["updates"] = 1e9)],
    [/number of updates is/, (file) => (file["updates"] = 1.5)],
    [/another network: expected/, (file) => (file["updates"] += 1000)],
    [/weights are damaged/, (file) => delete file["network"].weights],
    [/weights are of another network/, (file) => (file["network"].weights = file["network"].weights.slice(4))],
    [/scores are of another network/, (file) => (file["network"].history = `AAAA${file["network"].history}`)],
    [/moments are damaged/, (file) => (file["network"].first_moment = "<b>")],
    [/its network is no table/, (file) => (file["network"] = null)],
    [/its changes are no list/, (file) => (file["changes"] = {})],
    [/not in their order/, (file) => file["changes"].reverse()],
    [/the update of a change is/, (file) => (file["changes"][0].update = 1e6)],
    [/only learning rate/, (file) => (file["changes"][0].training.loss = "categorical_crossentropy")],
    [/only learning rate/, (file) => (file["changes"][0].training.optimizer = "adam")],
    [/the layer of a weight/, (file) => (file["changes"][1].layer = 9)],
    [/the neuron of a weight/, (file) => (file["changes"][1].output = -1)],
    [/the source of a weight/, (file) => (file["changes"][1].source = 2)],
    [/a weight is a number/, (file) => (file["changes"][1].value = "1")],
    [/a weight is a number/, (file) => (file["changes"][1].value = 1e300)],
    [/its points are no list/, (file) => withPoints(file, 1)],
    [/the square of its plane is none/, (file) => (file["points"] = [])],
    [/its points are not of the dataset polar/, (file) => withPoints(file, [])],
    [/a point has two numbers/, (file) => withPoints(file, [[0, 0, 1, "train"]])],
    [/a point has two numbers/, (file) => withPoints(file, [[0, 0, "a", "none"]])],
    [/a coordinate is a number/, (file) => withPoints(file, [[null, 0, "a", "train"]])],
    [/a coordinate must lie between/, (file) => withPoints(file, [[0, -1e7, "a", "train"]])],
    [/at most 10,000 own points/, (file) => withPoints(file, Array(10_001).fill([0, 0, "a", "train"]))],
    [/at most 10 classes/, (file) => withPoints(file, Array.from({ length: 11 }, (_, i) => [i, 0, `${i}`, "train"]))],
    [/at most 5000 changes/, (file) => (file["changes"] = Array(6000).fill(file["changes"][0]))],
  ];
  for (const [expected, change] of cases) assert.match(refusal(change), expected);
  assert.equal(refusal(() => {}), "");
  for (const text of ["", "{", "[1]", "null", '"a"', `{"format":${"[".repeat(9000)}${"]".repeat(9000)}}`])
    assert.throws(() => readSession(text), Refusal);
});

/** Numbers from 0 to 1, the same in each run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

const VALUES = [null, true, -1, 0, 1, 2, 1.5, 1e9, 1e300, "", "x", "<img src=x onerror=alert(1)>", [], {}, [[]], "AAAA"];

/** Put another value somewhere into a value of JSON. */
function mutated(json: any, random: () => number): any {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
  if (typeof json !== "object" || json === null || random() < 0.15) return pick(VALUES);
  const name = pick(Object.keys(json));
  if (name === undefined) return pick(VALUES);
  const copy = Array.isArray(json) ? [...json] : { ...json };
  if (random() < 0.1) delete copy[name];
  else copy[name] = mutated(copy[name], random);
  return copy;
}

test("whatever is changed in a link, it is a session that trains, or a sentence", async () => {
  const random = generator(5);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_%<& é";
  const own = sessionOf(openPage(engine).settled(OPEN_POINTS, { kind: "train_epoch" }));
  const outcomes = { opened: 0, refused: 0 };
  const lessons = SHIPPED.map(([, session]) => session);
  for (let i = 0; i < 200; i++) {
    const base = [whole, { ...whole, snapshot: null }, own, lessons[i % lessons.length]][i % 4];
    let link: string;
    if (i % 5 === 0) {
      const at = Math.floor(random() * SHORT.length);
      link = SHORT.slice(0, at) + letters[Math.floor(random() * letters.length)] + SHORT.slice(at + 1);
    } else {
      const text = JSON.stringify(mutated(JSON.parse(writeSession(base)), random));
      const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate"));
      const packed = Buffer.from(await new Response(stream).arrayBuffer()).toString("base64url");
      link = `mlplab-${VERSION}-${packed}`;
    }
    try {
      const session = await readLink(link);
      outcomes.opened += 1;
      if (session.step > 5000) continue; // as good, but it takes long
      const opened = openPage(engine);
      const state = opened.settled({ kind: "open_session", session }, { kind: "train_update" });
      assert.ok(shown(state).step >= Math.min(session.step, 1) || shown(state).ending === "diverged");
    } catch (error) {
      assert.ok(error instanceof Refusal, `${String(error)}\n${link}`);
      outcomes.refused += 1;
    }
  }
  assert.ok(outcomes.opened > 10 && outcomes.refused > 100, JSON.stringify(outcomes));
});

test("a complaint stays until it is closed", () => {
  let state = update(initialState("light"), { kind: "complain", sentence: "The link is damaged." });
  const { training, experiment } = state;
  for (const action of [RINGS, SEED, PLAY, { kind: "reset" }, { kind: "dismiss_message" }] as const)
    state = update(state, action);
  assert.equal(state.complaint, "The link is damaged.");
  assert.equal(update(state, { kind: "close_complaint" }).complaint, null);
  const damaged = update(initialState("light"), { kind: "complain", sentence: "" });
  assert.deepEqual([damaged.training, damaged.experiment], [training, experiment]);
});
