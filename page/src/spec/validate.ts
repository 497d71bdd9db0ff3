// Whether a value is an experiment: by Python's schema, with Python's own messages.

import type { Experiment } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";
import { Refusal } from "../text/refusal.ts";
import { type Rule, RULES } from "./rules.ts";
import { type Field, formOf, forms, isFamily, kinds, resolved, spec } from "./schema.ts";
import { plainText, representation, shown, shownTuple } from "./shown.ts";
import { hint } from "./refused.ts";
import { isList, isTable, type Json, type JsonTable, type Value } from "./values.ts";

/** A value is no experiment, or no value of a field. */
export class Problem extends Refusal {
  override readonly name = "Problem";
  /** Of the field, such as `dataset.sigma` or `network.layer_width.1`; empty for the whole. */
  readonly path: string;
  /** What was expected, and what came. */
  readonly said: string;

  constructor(path: string, said: string) {
    super(path === "" ? said : `${path}: ${said}`);
    this.path = path;
    this.said = said;
  }
}

/** Return the experiment that a value describes, every field written out; a `Problem` says the first that is wrong. */
export function validate(value: Value): Experiment {
  return part(spec.schema, value, "") as unknown as Experiment;
}

/** What is wrong with one field's value by itself; null if nothing is. */
export function fieldProblem(field: Field, value: Value): string | null {
  try {
    check(field, value, "");
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.said;
    throw error;
  }
}

/** A path, one step further down. */
export function below(path: string, step: string | number): string {
  return path === "" ? String(step) : `${path}.${step}`;
}

/** Return a field's value as JSON. */
function check(field: Field, value: Value, path: string): Json {
  const form = formOf(resolved(field), value);
  const refuse = (said: string): never => {
    throw new Problem(path, said);
  };
  if (isFamily(form)) {
    const isNumberAsText =
      forms(resolved(field)).some(({ type }) => type === "number") &&
      typeof value === "string" &&
      /^[+-]*[0-9.]/.test(value);
    if (isNumberAsText) return refuse(`expected a number or a name, received the text ${representation(value)}`);
    return familyPart(form, value, path);
  }
  if (form.enum !== undefined) {
    if (typeof value === "string" && form.enum.includes(value)) return value;
    return refuse(`unknown name ${shown(value)}; ${hint(plainText(value), form.enum)}`);
  }
  switch (form.type) {
    case "object":
      return form.additionalProperties === undefined || typeof form.additionalProperties === "boolean"
        ? part(form, value, path)
        : table(form.additionalProperties, value, path, refuse);
    case "array":
      return list(form, value, path);
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

type Refuse = (said: string) => never;

/** Check a table of fields, those that are not given by their defaults, and then how they fit together. */
function part(form: Field, value: Value, path: string): JsonTable {
  if (!isTable(value)) throw new Problem(path, `expected a table, received ${shown(value)}`);
  const fields = form.properties ?? {};
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const said = hint(unknown, Object.keys(fields));
    const kind = fields["kind"]?.const;
    const where = kind === undefined ? "here" : `in '${kind}'`;
    throw new Problem(path, `no field ${representation(unknown)} ${where}; ${said}`);
  }
  let read: JsonTable = {};
  for (const [name, field] of Object.entries(fields)) {
    const isGiven = Object.hasOwn(value, name);
    if (!isGiven && form.required?.includes(name)) throw new Problem(below(path, name), "is missing");
    const given = isGiven ? check(field, value[name] as Value, below(path, name)) : null;
    read = { ...read, [name]: isGiven ? given : (field.default ?? field.const ?? null) };
  }
  for (const name of form["x-rules"] ?? []) {
    const outcome = (RULES[name] as Rule)(read, value);
    if (typeof outcome === "string") throw new Problem(path, outcome);
    read = outcome;
  }
  return read;
}

/** Check a table of the user's own names, each with a value of one form. */
function table(each: Field, value: Value, path: string, refuse: Refuse): Json {
  if (!isTable(value)) return refuse(missed("object", shown(value)));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, check(each, item as Value, below(path, name))]),
  );
}

/** Check a part of a family: a table with a kind, or a name alone. */
function familyPart(family: Field, value: Value, path: string): JsonTable {
  const table: Value = typeof value === "string" ? { kind: value } : value;
  if (!isTable(table) || !Object.hasOwn(table, "kind"))
    throw new Problem(path, `expected a name or a table with a kind, received ${shown(value)}`);
  const known = kinds(family);
  const name = plainText(table["kind"] as Value);
  const kind = known.get(name);
  if (kind !== undefined) return part(kind, table, path);
  throw new Problem(path, `unknown name ${representation(name)}; ${hint(name, [...known.keys()])}`);
}

function list(form: Field, given: Value, path: string): Json {
  const value = form["x-one-alone"] === true && typeof given === "string" ? [given] : given;
  if (!isList(value)) throw new Problem(path, missed("array", shown(value)));
  const items = value.map((item, i) => check(form.items as Field, item, below(path, i)));
  if (items.length >= (form.minItems ?? 0)) return items;
  const words = { field_type: "tuple", actual_length: String(items.length) };
  throw new Problem(path, missed("minItems", shownTuple(value), form.minItems, words));
}

const BOUNDS = {
  maximum: (value: number, bound: number) => value <= bound,
  exclusiveMaximum: (value: number, bound: number) => value < bound,
  minimum: (value: number, bound: number) => value >= bound,
  exclusiveMinimum: (value: number, bound: number) => value > bound,
} as const;

const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER;

/** A whole number needs to be written as one; a number may be. */
function number(form: Field, value: Value, refuse: Refuse): number {
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

function text(form: Field, value: Value, refuse: Refuse): string {
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
