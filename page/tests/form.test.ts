// The form: every entry is taken as it was meant, or stays in its field and is said; nothing else changes.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Dataset } from "../src/engine/experiment.ts";
import { type Field, fieldAt, firstValues, kinds, spec } from "../src/spec/schema.ts";
import { type Direction, stepped } from "../src/spec/stepping.ts";
import { canonical } from "../src/state/canonical.ts";
import { type FormAction, isInFlight, valueAt, writtenOut } from "../src/state/form.ts";
import { presetOf, PRESETS } from "../src/state/presets.ts";
import { initialState, type State } from "../src/state/state.ts";
import { update } from "../src/state/update.ts";
import { asSentence } from "../src/text/sentence.ts";

const RATE = "training.optimizer.learning_rate";

function begun(title: string): State {
  return initialState("light", PRESETS.find((preset) => preset.title.startsWith(title)));
}

const enter = (path: string, entered: string | boolean): FormAction => ({ kind: "enter_field", path, entered });
const click = (path: string, direction: Direction): FormAction => ({ kind: "step_field", path, direction });

function after(state: State, ...actions: FormAction[]): State {
  return actions.reduce(update, state);
}

const at = (state: State, path: string) => valueAt(writtenOut(state), path);
const said = ({ form }: State, path: string) => form.mistakes[path]?.message;

/** Paths of all fields that hold one value each. */
function fieldPaths(state: State): string[] {
  const paths = (value: unknown, path: string): string[] =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, each]) => paths(each, path === "" ? name : `${path}.${name}`))
      : [path];
  return paths(state.experiment, "").filter((path) => !path.endsWith(".kind"));
}

test("what is no value stays in its field, is said there, and changes nothing", () => {
  const wrong = ["", "1,5", "abc", "9".repeat(40), "0x10", "1_000", "NaN", "-"];
  for (const state of [begun("1.3"), begun("1.4")]) {
    for (const path of fieldPaths(state)) {
      const field = fieldAt(state.experiment, path) as Field;
      if (field.type !== "integer" && field.type !== "number") continue;
      for (const text of [...wrong, ...(field.type === "integer" ? ["2.7", "1e9"] : [])]) {
        const next = after(state, enter(path, text));
        assert.equal(next.form.mistakes[path].entered, text, path);
        assert.equal(canonical(next.experiment), canonical(state.experiment), `${path}: ${text}`);
        assert.equal(next.training, state.training);
        const sentence = asSentence(next.form.mistakes[path].message);
        assert.match(sentence, /^[A-Z][^.]*(\d\.\d[^.]*)*\.$/);
        // The next right entry is taken, and nothing is said any more.
        const right = String(valueAt(state.experiment, path));
        assert.deepEqual(after(next, enter(path, right)).form.mistakes, {});
      }
    }
  }
});

test("1.3: an emptied field leaves five classes and a momentum of 0.3", () => {
  const state = after(begun("1.3"), enter("dataset.classes", ""), enter("training.optimizer.momentum", ""));
  assert.deepEqual([at(state, "dataset.classes"), at(state, "training.optimizer.momentum")], [5, 0.3]);
  assert.deepEqual(Object.keys(state.form.mistakes), ["dataset.classes", "training.optimizer.momentum"]);
});

test("every change is marked as what it is: in flight, or beginning anew", () => {
  for (const state of PRESETS.map(({ title }) => begun(title))) {
    for (const path of fieldPaths(state)) {
      const value = valueAt(state.experiment, path);
      const field = fieldAt(state.experiment, path) as Field;
      const action = (() => {
        if (typeof value === "boolean") return enter(path, !value);
        if (typeof value === "number") return click(path, value === 1 && field.maximum === 1 ? -1 : 1);
        return null;
      })();
      if (action === null) continue;
      const next = after(state, action);
      if (canonical(next.experiment) === canonical(state.experiment)) {
        assert.ok(path in next.form.mistakes, `${path} can be changed, or says why not`);
        continue;
      }
      assert.equal(next.training === state.training, isInFlight(path), path);
    }
  }
});

test("six clicks are six steps", () => {
  const six = (path: string) => Array.from({ length: 6 }, () => click(path, 1));
  const state = after(begun("1.3"), ...six("training.epochs"), ...six("dataset.classes").slice(0, 5));
  assert.deepEqual([at(state, "training.epochs"), at(state, "dataset.classes")], [106, 10]);
  const over = after(begun("1.4"), ...six("network.hidden_layers"));
  assert.equal(over.form.mistakes["network.hidden_layers"].entered, "16"); // counted, and said to be too many
  assert.match(said(over, "network.hidden_layers"), /at most 12 hidden layers, received 16/);
  const back = after(over, ...Array.from({ length: 4 }, () => click("network.hidden_layers", -1)));
  assert.deepEqual([at(back, "network.hidden_layers"), back.form.mistakes], [12, {}]);
});

test("a step fits its field, and never leaves it", () => {
  const field = (path: string, title = "1.4") => fieldAt(begun(title).experiment, path) as Field;
  const walk = (each: Field, from: number, direction: Direction, steps: number) => {
    const seen = [from];
    for (let i = 0; i < steps; i++) seen.push(stepped(each, seen[i], direction));
    return seen.slice(1);
  };
  assert.deepEqual(walk(field(RATE), 0.01, 1, 4), [0.02, 0.05, 0.1, 0.2]);
  assert.deepEqual(walk(field(RATE), 0.003, -1, 4), [0.002, 0.001, 0.0005, 0.0002]);
  assert.deepEqual(walk(field(RATE), 0, 1, 2), [0.01, 0.02]);
  assert.deepEqual(walk(field("training.batch_size"), 16, 1, 2), [32, 64]);
  assert.deepEqual(walk(field("training.batch_size"), 3, -1, 3), [1, 1, 1]);
  assert.deepEqual(walk(field("dataset.classes"), 3, -1, 2), [2, 2]);
  assert.deepEqual(walk(field("dataset.sigma"), 0.05, 1, 6), [0.06, 0.07, 0.08, 0.09, 0.1, 0.2]);
  assert.deepEqual(walk(field("dataset.sigma"), 0.2, -1, 3), [0.1, 0.09, 0.08]);
  assert.deepEqual(walk(field("dataset.sigma"), 0, 1, 1), [0.01]);
  const momentum = field("training.optimizer.momentum", "1.3");
  assert.deepEqual(walk(momentum, 0.3, 1, 9), [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.91, 0.92, 0.93]);
  assert.deepEqual([stepped(momentum, 0, 1), stepped(momentum, 1, -1), stepped(momentum, 0, -1)], [0.1, 0.9, 0]);
  assert.deepEqual(walk(field("training.optimizer.beta_1"), 0.98, 1, 3), [0.99, 0.991, 0.992]);
  assert.deepEqual(walk(field("network.initializer.mean", "1.3"), 0.01, -1, 3), [0, -0.01, -0.02]);
});

test("a step goes on from what the field shows", () => {
  const state = after(begun("1.2"), enter("training.epochs", "20000"));
  assert.match(said(state, "training.epochs"), /at most 10,000 epochs/);
  assert.equal(after(state, click("training.epochs", 1)).form.mistakes["training.epochs"].entered, "20001");
  const wrong = after(begun("1.2"), enter("training.epochs", "abc"), click("training.epochs", 1));
  assert.deepEqual([at(wrong, "training.epochs"), wrong.form.mistakes], [21, {}]);
});

test("what two fields say together stands at the one that was changed, and is taken once it is right", () => {
  const nesterov = "training.optimizer.nesterov";
  const refused = after(begun("1.2"), enter(nesterov, true));
  assert.match(said(refused, nesterov), /nesterov needs momentum above 0/);
  assert.equal(at(refused, nesterov), false);
  const taken = after(refused, enter("training.optimizer.momentum", "0.5"));
  assert.deepEqual([at(taken, nesterov), taken.form.mistakes], [true, {}]);
  const emptied = after(taken, enter("training.optimizer.momentum", "0"));
  assert.deepEqual(Object.keys(emptied.form.mistakes), ["training.optimizer.momentum"]);
  assert.equal(at(emptied, "training.optimizer.momentum"), 0.5);

  const schedule: FormAction = { kind: "choose_part", path: RATE, part: "piecewise_constant_decay" };
  const more = after(begun("1.2"), schedule, enter(`${RATE}.boundaries`, "10, 20, 30"));
  assert.match(said(more, `${RATE}.boundaries`), /received 3 values and 3 boundaries/);
  const whole = after(more, enter(`${RATE}.values`, "1, 0.5, 0.2, 0.1"));
  assert.deepEqual([at(whole, RATE), whole.form.mistakes], [
    { kind: "piecewise_constant_decay", boundaries: [10, 20, 30], values: [1, 0.5, 0.2, 0.1] },
    {},
  ]);
});

test("a mistake elsewhere neither holds up what is right nor is lost", () => {
  const state = after(begun("1.3"), enter("dataset.classes", "abc"), enter("dataset.sigma", "0.2"));
  assert.deepEqual([at(state, "dataset.sigma"), Object.keys(state.form.mistakes)], [0.2, ["dataset.classes"]]);
  const other = after(state, enter("dataset.kind", "moons"));
  assert.deepEqual([at(other, "dataset.kind"), other.form.mistakes], ["moons", {}]); // moons have no such field
  assert.deepEqual(update(state, { kind: "choose_preset", title: PRESETS[0].title }).form.mistakes, {});
});

test("width and activation are one for all hidden layers or one for each, and come back when one switches", () => {
  const width = "network.layer_width";
  const each = (layerwise: boolean): FormAction => ({ kind: "set_layerwise", path: width, layerwise });
  const begin = after(begun("1.3"), enter("network.hidden_layers", "3"));
  const alike = after(begin, each(true));
  assert.deepEqual([at(alike, width), alike.training], [[50, 50, 50], begin.training]);
  const own = after(alike, enter(`${width}.1`, "20"), click(`${width}.2`, 1));
  assert.deepEqual(valueAt(own.experiment, width), [50, 20, 51]);
  const one = after(own, each(false));
  assert.equal(valueAt(one.experiment, width), 50);
  assert.deepEqual(valueAt(after(one, each(true)).experiment, width), [50, 20, 51]);
  // Layers come and go at the end.
  assert.deepEqual(at(after(own, enter("network.hidden_layers", "4")), width), [50, 20, 51, 51]);
  assert.deepEqual(at(after(own, enter("network.hidden_layers", "2")), width), [50, 20]);
  const none = after(own, enter("network.hidden_layers", "0"));
  assert.deepEqual([at(none, width), at(none, "network.activation")], [null, null]);
  assert.deepEqual(at(after(none, enter("network.hidden_layers", "3")), width), [50, 20, 51]);
});

test("early stopping is off or on, and keeps its numbers while it is off", () => {
  const path = "training.early_stopping";
  const turn = (on: boolean): FormAction => ({ kind: "set_optional", path, on });
  assert.equal(valueAt(begun("1.2").experiment, path), null);
  const on = after(begun("1.2"), turn(true), enter(`${path}.patience`, "7"), enter(`${path}.monitor`, "val_accuracy"));
  assert.deepEqual(valueAt(on.experiment, path), {
    monitor: "val_accuracy",
    patience: 7,
    min_delta: 0,
    start_from_epoch: 0,
    restore_best_weights: false,
  });
  assert.match(said(after(on, enter(`${path}.patience`, "-1")), `${path}.patience`), /greater than or equal to 0/);
  const off = after(on, turn(false));
  assert.equal(valueAt(off.experiment, path), null);
  assert.deepEqual(valueAt(after(off, turn(true)).experiment, path), valueAt(on.experiment, path));
});

test("a learning rate that has a schedule is not reduced on a plateau", () => {
  const path = "training.reduce_lr_on_plateau";
  const choose = (part: string | null): FormAction => ({ kind: "choose_part", path: RATE, part });
  const turn = (on: boolean): FormAction => ({ kind: "set_optional", path, on });
  const decaying = after(begun("1.2"), choose("exponential_decay"), turn(true));
  assert.match(said(decaying, path), /needs a learning rate that is a number, received the schedule 'exponential_decay'/);
  assert.equal(valueAt(decaying.experiment, path), null);
});

test("the first hidden layer begins as the spec says", () => {
  const state = after(begun("1.1"), click("network.hidden_layers", 1));
  assert.deepEqual([at(state, "network.layer_width"), at(state, "network.activation")], [8, "relu"]);
});

test("a schedule begins with the learning rate that there is, and gives it back", () => {
  const choose = (part: string | null): FormAction => ({ kind: "choose_part", path: RATE, part });
  const decaying = after(begun("1.2"), enter(RATE, "0.7"), choose("exponential_decay"));
  assert.equal(at(decaying, `${RATE}.initial_learning_rate`), 0.7);
  const changed = after(decaying, enter(`${RATE}.decay_steps`, "64"), choose(null));
  assert.equal(at(changed, RATE), 0.7);
  assert.equal(at(after(changed, choose("exponential_decay")), `${RATE}.decay_steps`), 64);
  const cosine = after(decaying, choose("cosine_decay"), enter(`${RATE}.warmup_steps`, "10"));
  assert.match(said(cosine, `${RATE}.warmup_steps`), /a warm-up needs both/);
  assert.equal(at(after(cosine, enter(`${RATE}.warmup_target`, "1")), `${RATE}.warmup_steps`), 10);
});

test("every kind of every family can be chosen", () => {
  const dataset = kinds(fieldAt(begun("1.2").experiment, "dataset") as Field);
  const drawn = [...dataset].map(([name]) => name).filter((name) => spec.planar.includes(name));
  assert.deepEqual([...dataset.keys()].filter((name) => !drawn.includes(name)), ["file", "arrays", "noisy_sine", "friedman_1"]);
  const choices: [string, readonly string[]][] = [
    ["dataset.kind", drawn],
    ...["network.initializer", "training.optimizer"].map((path): [string, string[]] => [
      `${path}.kind`,
      [...kinds(fieldAt(begun("1.2").experiment, path) as Field).keys()],
    ]),
  ];
  for (const [path, names] of choices)
    for (const name of names)
      for (const { title } of PRESETS) {
        const state = after(begun(title), enter(path, name));
        assert.deepEqual([at(state, path), state.form.mistakes], [name, {}]);
      }
});

test("a kind and a field that are new in Python are in the form", () => {
  const family = fieldAt(begun("1.2").experiment, "dataset") as { oneOf: Field[] };
  const corners: Field = {
    type: "object",
    properties: {
      kind: { const: "corners", type: "string" },
      train_per_class: { type: "integer", minimum: 1, default: 512 },
      test_per_class: { type: "integer", minimum: 1, default: 512 },
      sides: { type: "integer", minimum: 3, default: 4 },
    },
    required: ["sides"],
  };
  family.oneOf.push(corners);
  (spec.planar as string[]).push("corners");
  try {
    const state = after(begun("1.2"), enter("dataset.kind", "corners"), click("dataset.sides", 1));
    assert.deepEqual(state.experiment.dataset, {
      kind: "corners",
      train_per_class: 512,
      test_per_class: 512,
      sides: 5,
    });
    assert.match(said(after(state, enter("dataset.sides", "2")), "dataset.sides"), /greater than or equal to 3/);
  } finally {
    family.oneOf.pop();
    (spec.planar as string[]).pop();
  }
});

test("with own points, all but the data is entered as ever", () => {
  const family = kinds(fieldAt(begun("1.2").experiment, "dataset") as Field);
  const dataset = { ...firstValues(family.get("file") as Field), path: "points.csv" } as unknown as Dataset;
  const state = begun("1.2");
  const own = { ...state, experiment: { ...state.experiment, dataset } };
  assert.equal(at(after(own, enter("training.epochs", "5")), "training.epochs"), 5);
  assert.match(said(after(own, enter("training.epochs", "1e9")), "training.epochs"), /in digits/);
});

test("what has gone is not entered", () => {
  const state = after(begun("1.3"), enter("dataset.kind", "moons"));
  assert.deepEqual(after(state, enter("dataset.classes", "3")), state);
});

test("a preset is itself with its stop rule alone", () => {
  const state = begun("1.2  two rings, relu");
  assert.equal(presetOf(state)?.title, "1.2  two rings, relu");
  assert.equal(presetOf(update(state, { kind: "set_stop_rule", stopRule: "never" })), null);
  assert.equal(presetOf(after(state, enter("training.epochs", "21"))), null);
  assert.ok(spec.first in spec.presets);
});

test("names stand in a sentence as beside their fields, and what was typed as it was", () => {
  assert.equal(
    asSentence("values need `warmup_target`, received 'a_b*c'"),
    "Values need warmup target, received 'a_b*c'.",
  );
});

test("a seed that is none is said beside its field, and changes nothing", () => {
  const state = begun("1.2");
  for (const seed of ["-1", "1.5", "1,5", "abc", "", "1e9", "4611686018427387905", "9".repeat(40)]) {
    const wrong = update(state, { kind: "set_seed", seed });
    const message = wrong.wrongSeed?.message ?? "";
    assert.match(message, /^expected a whole number from 0 to 4,611,686,018,427,387,904, received '/);
    assert.deepEqual([wrong.wrongSeed?.entered, wrong.seed, wrong.training], [seed, "0", state.training]);
    assert.equal(after(wrong, enter("training.epochs", "5")).wrongSeed?.entered, seed);
    const right = update(wrong, { kind: "next_seed" });
    assert.deepEqual([right.seed, right.wrongSeed], ["1", null]);
  }
  const same = update(state, { kind: "set_seed", seed: "00" });
  assert.deepEqual([same.seed, same.training], ["0", state.training]);
});

test("a part that may be nothing is chosen from its kinds, and put away again", () => {
  const path = "network.kernel_regularizer";
  const choose = (part: string | null): FormAction => ({ kind: "choose_part", path, part });
  const with2 = after(begun("1.2"), choose("l2"));
  assert.deepEqual(at(with2, path), { kind: "l2", l2: 0.01 });
  const with1 = after(with2, choose("l1"));
  assert.equal(at(with1, `${path}.kind`), "l1");
  assert.equal(at(after(with1, choose(null)), path), null);
});
