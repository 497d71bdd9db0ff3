// Whether a value is an experiment: by Python's schema, with Python's own messages.

import type { Experiment } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";
import { RULES } from "./rules.ts";
import { type Field, formOf, isFamily, kinds, resolved, spec } from "./schema.ts";
import { plainText, representation, shown, shownTuple } from "./shown.ts";
import { suggestion } from "./suggestion.ts";
import { isList, isTable, type Json, type JsonTable, type Value, type ValueTable } from "./values.ts";

/** What is wrong with a description, at its field. */
export interface Problem {
  /** Of the field, such as `dataset.sigma` or `network.layer_width.1`; empty for the whole. */
  readonly path: string;
  /** What was expected, and what came. */
  readonly message: string;
}

export type Outcome = { readonly experiment: Experiment } | { readonly problems: readonly Problem[] };

/** Return the experiment that a value describes, every field written out; else all that is wrong with it. */
export function validate(value: Value): Outcome {
  const problems: Problem[] = [];
  const experiment = part(spec.schema, value, "", problems);
  return problems.length > 0 ? { problems } : { experiment: experiment as unknown as Experiment };
}

/** A problem as Python's `SpecError` says it. */
export function problemText({ path, message }: Problem): string {
  return path === "" ? message : `${path}: ${message}`;
}

/** A path, one step further down. */
export function below(path: string, step: string | number): string {
  return path === "" ? String(step) : `${path}.${step}`;
}

/** What is wrong with one field's value by itself; an empty list if nothing is. */
export function fieldProblems(field: Field, value: Value, path: string): readonly Problem[] {
  const problems: Problem[] = [];
  check(field, value, path, problems);
  return problems;
}

/** Return a field's value as JSON, of no use where something is wrong: that is added to the problems. */
function check(field: Field, value: Value, path: string, problems: Problem[]): Json {
  const form = formOf(resolved(field), value);
  const refuse = (message: string): null => {
    problems.push({ path, message });
    return null;
  };
  if (isFamily(form)) {
    const isNumberAsText =
      form !== resolved(field) && typeof value === "string" && /^[+-]*[0-9.]/.test(value);
    return isNumberAsText
      ? refuse(`expected a number or a name, received the text ${representation(value)}`)
      : familyPart(form, value, path, problems);
  }
  if (form.enum !== undefined) {
    if (typeof value === "string" && form.enum.includes(value)) return value;
    return refuse(`unknown name ${shown(value)}; ${suggestion(plainText(value), form.enum)}`);
  }
  switch (form.type) {
    case "object":
      return part(form, value, path, problems);
    case "array":
      return list(form, value, path, problems);
    case "integer":
    case "number":
      return number(form, value, refuse);
    case "boolean":
      return typeof value === "boolean" ? value : refuse(missed("boolean", shown(value)));
    case "string":
      return text(form, value, refuse);
    case "null":
      return null;
    default:
      throw new TypeError(`${path}: the schema has a form that is not known here: ${form.type}`);
  }
}

type Refuse = (message: string) => null;

/** Check a table of fields, those that are not given by their defaults, and then how they fit together. */
function part(form: Field, value: Value, path: string, problems: Problem[]): JsonTable | null {
  if (!isTable(value)) {
    problems.push({ path, message: `expected a table, received ${shown(value)}` });
    return null;
  }
  const fields = form.properties ?? {};
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const hint = suggestion(unknown, Object.keys(fields));
    problems.push({ path, message: `no field ${representation(unknown)} here; ${hint}` });
    return null;
  }
  const before = problems.length;
  const read: { [name: string]: Json } = {};
  for (const [name, field] of Object.entries(fields)) {
    if (Object.hasOwn(value, name)) {
      read[name] = check(field, value[name] as Value, below(path, name), problems);
    } else if (form.required?.includes(name)) {
      problems.push({ path: below(path, name), message: "is missing" });
    } else {
      read[name] = field.default ?? field.const ?? null;
    }
  }
  return problems.length > before ? null : together(form, read, path, problems);
}

function together(form: Field, fields: JsonTable, path: string, problems: Problem[]): JsonTable | null {
  let kept = fields;
  for (const name of form["x-rules"] ?? []) {
    const rule = RULES[name];
    if (rule === undefined) throw new TypeError(`the rule ${name} of ${form.title} is not known here`);
    const outcome = rule(kept);
    if (typeof outcome === "string") {
      problems.push({ path, message: outcome });
      return null;
    }
    kept = outcome;
  }
  return kept;
}

/** Check a part of a family: a table with a kind, or a name alone. */
function familyPart(family: Field, value: Value, path: string, problems: Problem[]): JsonTable | null {
  const table: Value = typeof value === "string" ? { kind: value } : value;
  if (!isTable(table) || !Object.hasOwn(table, "kind")) {
    problems.push({ path, message: `expected a name or a table with a kind, received ${shown(value)}` });
    return null;
  }
  const known = kinds(family);
  const name = plainText((table as ValueTable)["kind"] as Value);
  const kind = known.get(name);
  if (kind === undefined) {
    const hint = suggestion(name, [...known.keys()]);
    problems.push({ path, message: `unknown name ${representation(name)}; ${hint}` });
    return null;
  }
  return part(kind, table, path, problems);
}

function list(form: Field, value: Value, path: string, problems: Problem[]): Json {
  if (!isList(value)) {
    problems.push({ path, message: missed("array", shown(value)) });
    return null;
  }
  let valid = 0;
  const items = value.map((item, i) => {
    const before = problems.length;
    const read = check(form.items as Field, item, below(path, i), problems);
    if (problems.length === before) valid += 1;
    return read;
  });
  if (valid < (form.minItems ?? 0)) {
    const words = { field_type: "tuple", actual_length: String(valid) };
    problems.push({ path, message: missed("minItems", shownTuple(value), form.minItems, words) });
  }
  return items;
}

const BOUNDS = {
  maximum: (value: number, bound: number) => value <= bound,
  exclusiveMaximum: (value: number, bound: number) => value < bound,
  minimum: (value: number, bound: number) => value >= bound,
  exclusiveMinimum: (value: number, bound: number) => value > bound,
} as const;

const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER;

/** A whole number needs to be written as one; a number may be. */
function number(form: Field, value: Value, refuse: Refuse): number | null {
  const kind = form.type as "integer" | "number";
  const isNumber = typeof value === "bigint" || (typeof value === "number" && kind === "number");
  if (!isNumber) return refuse(missed(kind, shown(value)));
  const read = Number(value);
  if (kind === "number" && !Number.isFinite(read))
    return refuse(missed(typeof value === "bigint" ? kind : "finite", shown(value)));
  for (const [keyword, holds] of Object.entries(BOUNDS)) {
    const bound = form[keyword as keyof typeof BOUNDS];
    if (bound !== undefined && !holds(read, bound)) return refuse(missed(keyword, shown(value), bound));
  }
  // Python counts on; a number of JavaScript would be another one.
  if (kind === "integer" && Math.abs(read) > LARGEST_WHOLE) {
    return refuse(`the page counts to ${LARGEST_WHOLE}, received ${shown(value)}`);
  }
  return read;
}

function text(form: Field, value: Value, refuse: Refuse): string | null {
  if (typeof value !== "string") return refuse(missed("string", shown(value)));
  if (form.minLength !== undefined && [...value].length < form.minLength) {
    return refuse(missed("minLength", shown(value), form.minLength));
  }
  if (form.pattern !== undefined && !new RegExp(form.pattern, "u").test(value)) {
    return refuse(missed("pattern", shown(value), form.pattern));
  }
  return value;
}

/** Say that a value misses a keyword of the schema, in Python's words for it. */
function missed(
  keyword: string,
  came: string,
  wanted?: number | string,
  words: { readonly [name: string]: string } = {},
): string {
  const template = spec.messages[keyword] as string;
  const message = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === "expected_plural") return wanted === 1 ? "" : "s";
    return words[name] ?? (typeof wanted === "number" ? boundText(wanted) : String(wanted));
  });
  return `${message}, received ${came}`;
}

/** A bound as pydantic writes it: without a point where it is whole, and without an exponent. */
function boundText(bound: number): string {
  return Number.isInteger(bound) ? BigInt(bound).toString() : floatText(bound);
}
