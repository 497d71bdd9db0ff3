// What is entered in fields of the spec: the value that a text is, or what is wrong with it, and the experiment that
// has other values. Never another value.

import type { Experiment } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";
import { checkLimits } from "./limits.ts";
import { fieldNames } from "./paths.ts";
import { type Field, fieldAt, firstValue, formOf, forms, isFamily, kinds, resolved } from "./schema.ts";
import { whyNotOf } from "./rules.ts";
import { shown } from "./shown.ts";
import { fieldProblem, Problem, validate } from "./validate.ts";
import { fromJson, type JsonTable, type Value, type ValueTable } from "./values.ts";
import { asWritten } from "./written.ts";

/** A field's path, such as `training.batch_size`, and its new value. */
export type FieldChange = readonly [path: string, value: Value];

/**
 * Change fields together; a sentence says why that makes no experiment, or none for the page.
 *
 * Another `kind` keeps the values of those fields that both kinds have; the others begin as in a form.
 * Without hidden layers there is no width, no activation and no dropout. Else nothing but the fields changes.
 * Of own points it is said what their classes are called, which the experiment does not know.
 */
export function varied(
  experiment: Experiment,
  changes: readonly FieldChange[],
  labelNames: readonly string[] | null = null,
): Experiment | string {
  const table = changes.reduce((before: Value, [path, value]) => {
    const after = set(before, fieldNames(path), value);
    if (path.endsWith(".kind")) return otherKind(experiment, after, path.slice(0, -".kind".length), value);
    return path === "network.hidden_layers" && value === 0n ? withoutLayers(after) : after;
  }, asWritten(experiment));
  try {
    const variant = validate(table);
    const excess = checkLimits(variant);
    if (excess !== null || labelNames === null) return excess ?? variant;
    return whyNotOf(labelNames.length, variant.training as unknown as JsonTable, labelNames) ?? variant;
  } catch (error) {
    if (error instanceof Problem) return error.said;
    throw error;
  }
}

/** The table with another value at the end of some steps. */
function set(table: Value, steps: readonly string[], value: Value): Value {
  const [step, ...others] = steps;
  if (step === undefined) return value;
  if (Array.isArray(table)) {
    return table.map((each: Value, i) => (String(i) === step ? set(each, others, value) : each));
  }
  const fields = table as ValueTable;
  return { ...fields, [step]: set(fields[step] as Value, others, value) };
}

/** The table with those fields of a part that its new kind has, and first values where it needs others. */
function otherKind(experiment: Experiment, table: Value, path: string, kind: Value): Value {
  const steps = fieldNames(path);
  const before = steps.reduce((each, step) => (each as ValueTable)[step] as Value, table) as ValueTable;
  const family = formOf(fieldAt(experiment, path) as Field, before);
  const part = isFamily(family) ? kinds(family).get(String(kind)) : undefined;
  // An unknown name is for the validation to refuse.
  if (part === undefined) return set(table, steps, { kind });
  const old = kinds(family).get(String(before["kind"]))?.properties ?? {};
  // What changed nothing in the old kind begins in the new one as it does by itself: AdamW's weight decay, say.
  const isOff = (name: string) => old[name]?.["x-as-before"] !== undefined && before[name] === old[name]["x-as-before"];
  const fields = Object.entries(part.properties ?? {}).filter(
    ([name]) => (Object.hasOwn(before, name) && !isOff(name)) || part.required?.includes(name),
  );
  const kept = fields.map(([name, field]) => [name, before[name] ?? fromJson(firstValue(field))]);
  return set(table, steps, Object.fromEntries(kept) as ValueTable);
}

function withoutLayers(table: Value): Value {
  const { layer_width, activation, dropout, ...network } = (table as ValueTable)["network"] as ValueTable;
  return { ...(table as ValueTable), network };
}

type Typed = { readonly value: Value } | { readonly message: string };

/** Read what is typed into a field of the spec. */
export function readTyped(text: string, field: Field): Typed {
  const whole = resolved(field);
  if (text.trim() === "" && forms(whole).some((form) => form.type === "null")) return { value: null };
  const form = formOf(whole, 0);
  return form.type === "array" ? readList(text, form) : readOne(text, form);
}

/** Read values with commas between them. */
function readList(text: string, list: Field): Typed {
  if (text.trim() === "") {
    return { message: "expected values with commas between them, but the field is empty" };
  }
  const values: Value[] = [];
  for (const [index, word] of text.split(",").entries()) {
    if (word.trim() === "") return { message: `value ${index + 1} of the list is empty` };
    const read = readOne(word.trim(), resolved(list.items as Field));
    if ("message" in read) return read;
    values.push(read.value);
  }
  return bounded(list, values);
}

function readOne(text: string, field: Field): Typed {
  return field.type === "integer" || field.type === "number"
    ? readNumber(text, field)
    : bounded(field, text);
}

/** The value, if it is within the field's bounds. */
function bounded(field: Field, value: Value): Typed {
  const message = fieldProblem(field, value);
  return message === null ? { value } : { message };
}

/** Read a number as people type it: with a point, an exponent, or a real minus sign. */
function readNumber(text: string, field: Field): Typed {
  const word = text.trim().replace(/^\u2212/, "-");
  const isWhole = field.type === "integer";
  const called = isWhole ? "a whole number" : "a number";
  const came = `received ${shown(text)}`;
  if (word === "") return { message: `expected ${called}, but the field is empty` };
  const isInDigits = /^[+-]?\d+$/.test(word);
  if (isWhole && !isInDigits) return { message: `expected ${called} in digits, such as 20, ${came}` };
  if (/^[+-]?\d*,\d+$/.test(word)) {
    return { message: `expected ${called} with a point, such as ${word.replace(",", ".")}, ${came}` };
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) {
    return { message: `expected ${called}, such as 0.05, ${came}` };
  }
  // Without a point it stays a whole one, as in TOML, so that messages repeat it as it was typed.
  const value = isInDigits ? BigInt(word) : Number(word);
  if (!Number.isFinite(Number(value))) return { message: `the number is too large, ${came}` };
  const read = bounded(field, value);
  if (isWhole || "message" in read) return read;
  const nearest = floatText(Number(value));
  if (digitsOf(word) === digitsOf(nearest)) return read;
  return { message: `a number holds about 16 digits, the nearest is ${nearest}, ${came}` };
}

/** A decimal number's sign, digits and power of ten, in one way for equal numbers. */
function digitsOf(word: string): string {
  const [mantissa, power] = word.toLowerCase().split("e") as [string, string | undefined];
  const [whole, fraction = ""] = mantissa.replace(/^[+-]/, "").split(".") as [string, string | undefined];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  const exponent = BigInt(power ?? 0) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${mantissa.startsWith("-") ? "-" : ""}${kept}e${exponent}`;
}
