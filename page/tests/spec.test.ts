// The page's spec against Python's: the same experiments, messages, TOML and limits.

import assert from "node:assert/strict";
import test from "node:test";
import type { Experiment, Part } from "../src/engine/experiment.ts";
import { checkLimits } from "../src/spec/limits.ts";
import { RULES } from "../src/spec/rules.ts";
import { type Field, fieldAt, firstValues, kinds, resolved, spec } from "../src/spec/schema.ts";
import { shown } from "../src/spec/shown.ts";
import { suggestion } from "../src/spec/suggestion.ts";
import { writeToml } from "../src/spec/toml.ts";
import { readToml } from "../src/spec/toml_reading.ts";
import { readTyped, varied } from "../src/spec/entered.ts";
import { fieldProblem, Problem, validate } from "../src/spec/validate.ts";
import { fromJson, type Value } from "../src/spec/values.ts";
import { floatText } from "../src/text/numbers.ts";
import golden from "./golden/spec.json";

interface Case {
  readonly toml?: string;
  readonly json?: unknown;
  readonly experiment?: unknown;
  readonly written?: string;
  readonly problems?: readonly [string, string][];
  readonly message?: string | null;
  readonly path?: string;
  readonly value?: unknown;
}

const tomlCases = golden.toml as unknown as readonly Case[];
const jsonCases = golden.json as unknown as readonly Case[];
const variedCases = golden.varied as unknown as readonly Case[];
const limitCases = golden.limits as unknown as readonly Case[];

const deep = spec.presets["1.3  five rings, momentum"] as Experiment;

/** The first problem of an experiment that is none: its path, and what is said; none of one that is right. */
function problemOf(call: () => Experiment): readonly (readonly [string, string])[] {
  try {
    call();
    return [];
  } catch (error) {
    if (error instanceof Problem) return [[error.path, error.said]];
    throw error;
  }
}

/** An experiment with one field changed. */
function changed(experiment: Experiment, path: string, value: Value): Experiment {
  const outcome = varied(experiment, [[path, value]]);
  if (typeof outcome === "string") throw new Error(outcome);
  return outcome;
}

test("TOML is read as Python reads it, and written byte for byte", () => {
  for (const { toml, written, problems } of tomlCases) {
    if (problems === undefined) assert.equal(writeToml(readToml(toml as string)), written, toml);
    else assert.deepEqual(problemOf(() => readToml(toml as string)), problems.slice(0, 1), toml);
  }
});

test("what is written is read again as the same", () => {
  for (const { written } of tomlCases) {
    if (written !== undefined) assert.equal(writeToml(readToml(written)), written);
  }
});

test("JSON is validated as Python does it, nulls and all", () => {
  for (const { json, experiment, problems } of jsonCases) {
    if (problems === undefined) assert.deepEqual(validate(fromJson(json)), experiment);
    else assert.deepEqual(problemOf(() => validate(fromJson(json))), problems.slice(0, 1), JSON.stringify(json));
  }
});

test("a change of one field makes the variant that Python makes", () => {
  for (const { experiment, path, value, written, problems } of variedCases) {
    const outcome = varied(experiment as Experiment, [[path as string, fromJson(value)]]);
    const expected = problems?.[0]?.[1] ?? checkLimits(readToml(written as string)) ?? written;
    assert.equal(typeof outcome === "string" ? outcome : writeToml(outcome), expected, path);
  }
});

test("another kind begins with an example where it needs a value that there was not", () => {
  const rates = changed(deep, "training.optimizer.learning_rate.kind", "piecewise_constant_decay");
  assert.deepEqual(rates.training.optimizer.learning_rate, {
    kind: "piecewise_constant_decay",
    boundaries: [400, 800],
    values: [0.1, 0.05, 0.01],
  });
  const cosine = changed(deep, "training.optimizer.learning_rate.kind", "cosine_decay");
  assert.equal((cosine.training.optimizer.learning_rate as Part)["decay_steps"], 400);
});

test("the presets are valid, and their own JSON", () => {
  for (const each of Object.values(spec.presets)) {
    assert.deepEqual(validate(fromJson(each)), each);
  }
  assert.ok(spec.first in spec.presets);
});

test("values, numbers and nearest words are written as Python writes them", () => {
  for (const [value, text] of golden.shown) assert.equal(shown(fromJson(value)), text);
  for (const [hex, text] of golden.floats as [string, string][]) {
    assert.equal(floatText(fromHex(hex)), text);
  }
  for (const [word, known, text] of golden.suggestion as [string, string[], string][]) {
    assert.equal(suggestion(word, known), text, word);
  }
});

test("what is too large for the page is said as Python says it", () => {
  for (const { experiment, message } of limitCases) {
    assert.equal(checkLimits(experiment as Experiment), message);
  }
  const double = { ...deep, training: { ...deep.training, dtype: "float64" } };
  assert.match(checkLimits(double) ?? "", /^the playground trains in float32, received float64/);
});

test("every rule of the schema is known, and every keyword", () => {
  const keywords = new Set(
    [
      "$ref type title description default examples const enum minimum exclusiveMinimum maximum",
      "exclusiveMaximum minLength pattern format minItems items oneOf anyOf discriminator properties",
      "required additionalProperties x-rules x-as-before x-one-alone $defs",
    ].flatMap((line) => line.split(" ")),
  );
  const used = new Set<string>();
  const visit = (field: Field): void => {
    for (const keyword of Object.keys(field)) assert.ok(keywords.has(keyword), keyword);
    assert.ok(field.format === undefined || field.format === "path");
    for (const name of field["x-rules"] ?? []) {
      used.add(name);
      assert.ok(name in RULES, name);
    }
    const tables = [field.properties, field.$defs].flatMap((table) => Object.values(table ?? {}));
    const lists = [...(field.oneOf ?? []), ...(field.anyOf ?? [])];
    for (const each of [...tables, ...lists, ...(field.items ? [field.items] : [])]) visit(each);
  };
  visit(spec.schema);
  assert.deepEqual([...used].sort(), Object.keys(RULES).sort());
});

test("a kind that is new in Python needs nothing here", () => {
  const family: Field = {
    discriminator: { propertyName: "kind" },
    oneOf: [
      { type: "string", enum: ["corners"] },
      {
        type: "object",
        properties: {
          kind: { const: "corners", default: "corners", type: "string" },
          sides: { type: "integer", minimum: 3, default: 4, description: "Corners of it." },
        },
        "x-rules": [],
      },
    ],
  };
  assert.deepEqual(firstValues(kinds(family).get("corners") as Field), { kind: "corners", sides: 4 });
  assert.equal(fieldProblem(family, "corners"), null);
  const few = fieldProblem(family, { kind: "corners", sides: 2n });
  assert.equal(few, "input should be greater than or equal to 3, received 2");
  const unknown = fieldProblem(family, "corner");
  assert.equal(unknown, "unknown name 'corner'; did you mean 'corners'? (known: corners)");
});

// ---- Problems that only the page has -------------------------------------------------------------

test("a whole number that the page cannot count to is refused, not changed", () => {
  const toml = (epochs: string): string => `dataset = "linear"\n[training]\nepochs = ${epochs}`;
  const problems = problemOf(() => readToml(toml("9007199254740993")));
  assert.deepEqual(problems, [
    ["training.epochs", "the page counts to 9007199254740991, received 9007199254740993"],
  ]);
  assert.equal(readToml(toml("9007199254740991")).training.epochs, 9007199254740991);
});

test("what is no TOML is said in one sentence, with its place", () => {
  const said = (toml: string): string => problemOf(() => readToml(toml, "my.toml"))[0]?.[1] ?? "";
  const unquoted = /^my\.toml is not valid TOML: .*\(at line 1, column \d+\); is it a text/;
  assert.match(said("dataset = linear"), unquoted);
  assert.match(said("a = 1\na = 2"), /^my\.toml is not valid TOML: [^\n]*\(at line 2, column \d+\)$/);
  assert.match(said("dataset = 'linear'\nx = ["), /^my\.toml is not valid TOML: [^\n]*$/);
  assert.match(said(`a = ${"[".repeat(101)}${"]".repeat(101)}`), /more than 100 deep/);
  assert.deepEqual(problemOf(() => readToml("dataset = 'linear'\ntraining.epochs = 2026-11-28")), [
    ["training.epochs", "no date or time belongs here"],
  ]);
});

test("names that objects have by themselves are no fields", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const [problem] = problemOf(() => readToml(`dataset = "linear"\n[training]\n${name} = 1`));
    assert.match(problem?.[1] ?? "", new RegExp(`^no field '${name}' here`));
    const unknown = problemOf(() => readToml(`dataset = "${name}"`));
    assert.match(unknown[0]?.[1] ?? "", new RegExp(`^unknown name '${name}'`));
  }
});

// ---- What is typed -------------------------------------------------------------------------------

const fields = {
  sigma: fieldAt(deep, "dataset.sigma") as Field,
  classes: fieldAt(deep, "dataset.classes") as Field,
  epochs: fieldAt(deep, "training.epochs") as Field,
  momentum: fieldAt(deep, "training.optimizer.momentum") as Field,
  rate: fieldAt(deep, "training.optimizer.learning_rate.initial_learning_rate") as Field,
};

test("what is typed is the value that it says", () => {
  const right: [keyof typeof fields, string, unknown][] = [
    ["sigma", "0.1", 0.1],
    ["sigma", " 1 ", 1n],
    ["sigma", "2.50", 2.5],
    ["sigma", ".5", 0.5],
    ["sigma", "5.", 5],
    ["sigma", "1E-3", 0.001],
    ["sigma", "+1e5", 1e5],
    ["sigma", "0.30000000000000004", 0.30000000000000004],
    ["epochs", "20", 20n],
    ["epochs", "007", 7n],
    ["momentum", "0", 0n],
    ["rate", "1e300", 1e300],
  ];
  for (const [name, text, value] of right) {
    assert.deepEqual(readTyped(text, fields[name]), { value }, text);
  }
});

test("what is typed and is no such value has a sentence, and no other value", () => {
  const nines = "9".repeat(30);
  const wrong: [keyof typeof fields, string, string][] = [
    ["classes", "", "expected a whole number, but the field is empty"],
    ["momentum", "  ", "expected a number, but the field is empty"],
    ["momentum", "1,5", "expected a number with a point, such as 1.5, received '1,5'"],
    ["momentum", "abc", "expected a number, such as 0.05, received 'abc'"],
    ["momentum", "1_000", "expected a number, such as 0.05, received '1_000'"],
    ["momentum", "Infinity", "expected a number, such as 0.05, received 'Infinity'"],
    ["momentum", "0x1", "expected a number, such as 0.05, received '0x1'"],
    ["momentum", "1.5", "input should be less than or equal to 1, received 1.5"],
    ["momentum", "\u22122", "input should be greater than or equal to 0, received -2"],
    ["epochs", "2.7", "expected a whole number in digits, such as 20, received '2.7'"],
    ["epochs", "1e9", "expected a whole number in digits, such as 20, received '1e9'"],
    ["epochs", "1,5", "expected a whole number in digits, such as 20, received '1,5'"],
    ["epochs", "abc", "expected a whole number in digits, such as 20, received 'abc'"],
    ["epochs", "0", "input should be greater than or equal to 1, received 0"],
    ["epochs", nines, `the page counts to 9007199254740991, received ${nines}`],
    ["sigma", "1e9", "input should be less than or equal to 1000000, received 1000000000.0"],
    ["sigma", nines, `input should be less than or equal to 1000000, received ${nines}`],
    ["rate", nines, `a number holds about 16 digits, the nearest is 1e+30, received '${nines}'`],
    [
      "rate",
      "9007199254740993",
      "a number holds about 16 digits, the nearest is 9007199254740992.0, received '9007199254740993'",
    ],
    ["rate", "1e-400", "a number holds about 16 digits, the nearest is 0.0, received '1e-400'"],
    ["rate", "1e400", "the number is too large, received '1e400'"],
  ];
  for (const [name, text, message] of wrong) {
    assert.deepEqual(readTyped(text, fields[name]), { message }, text);
  }
});

test("lists are typed with commas, and a wrong value says which", () => {
  const family = fieldAt(deep, "training.optimizer.learning_rate") as Field;
  const schedules = kinds((family.oneOf as readonly Field[])[1] as Field);
  const steps = schedules.get("piecewise_constant_decay") as Field;
  assert.deepEqual(firstValues(steps), {
    kind: "piecewise_constant_decay",
    boundaries: [400, 800],
    values: [0.1, 0.05, 0.01],
  });
  const boundaries = steps.properties?.["boundaries"] as Field;
  assert.deepEqual(readTyped("400, 800", boundaries), { value: [400n, 800n] });
  assert.deepEqual(readTyped("400", boundaries), { value: [400n] });
  assert.deepEqual(readTyped("400, 2.5", boundaries), {
    message: "expected a whole number in digits, such as 20, received '2.5'",
  });
  assert.deepEqual(readTyped("400,,800", boundaries), { message: "value 2 of the list is empty" });
  assert.deepEqual(readTyped("", boundaries), {
    message: "expected values with commas between them, but the field is empty",
  });
  const target = schedules.get("cosine_decay")?.properties?.["warmup_target"] as Field;
  assert.deepEqual(readTyped("", target), { value: null });
  assert.deepEqual(readTyped("0.5", target), { value: 0.5 });
  const widths = fieldAt(deep, "network.layer_width") as Field;
  assert.deepEqual(readTyped("50", widths), { value: 50n });
  assert.deepEqual(readTyped("50, 20", widths), {
    message: "expected a whole number in digits, such as 20, received '50, 20'",
  });
});

test("a field is found by its path, through families, lists and the parts in them", () => {
  assert.equal(fieldAt(deep, "training.optimizer.learning_rate.staircase")?.type, "boolean");
  assert.equal(fieldAt(deep, "network.activation")?.oneOf?.[0]?.enum?.[0], "linear");
  const mixed = { ...deep, network: { ...deep.network, activation: ["relu", "tanh"] } };
  assert.equal(fieldAt(mixed, "network.activation.1")?.type, "string");
  assert.equal(fieldAt(deep, "dataset.turns"), undefined);
  assert.equal(resolved(spec.schema.properties?.["training"] as Field).title, "Training");
});

/** A float64 from Python's hexadecimal text of it. */
function fromHex(text: string): number {
  if (text === "nan") return NaN;
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  const [, sign, whole, digits, power] = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text) as string[];
  const mantissa = Number(`0x${whole}${digits}`);
  const exponent = Number(power) - 4 * (digits as string).length;
  // In two steps: 2^-1074 alone would be rounded.
  const half = Math.trunc(exponent / 2);
  return (sign === "-" ? -1 : 1) * mantissa * 2 ** half * 2 ** (exponent - half);
}
