// `experiment.toml`: written as Python's `Experiment.to_toml` writes it, byte for byte.

import type { Experiment } from "../engine/experiment.ts";
import { type Field, formOf, isFamily, kinds, resolved, spec } from "./schema.ts";
import { floatText } from "./shown.ts";
import { isList, isTable, type Value, type ValueTable } from "./values.ts";

/** The experiment as TOML, every value written out. */
export function writeToml(experiment: Experiment): string {
  const table = asWritten(spec.schema, experiment) as ValueTable;
  return writeTable(table, "").join("\n");
}

/** A valid value as it is written: numbers with a point where the field takes them, the kind first, no nulls. */
function asWritten(field: Field, value: unknown): Value {
  const form = formOf(resolved(field), value);
  if (isFamily(form) || form.type === "object") {
    const table = value as { readonly [name: string]: unknown };
    const part = isFamily(form) ? (kinds(form).get(table["kind"] as string) as Field) : form;
    const fields = Object.entries(part.properties ?? {}).filter(([name]) => table[name] !== null);
    return Object.fromEntries(fields.map(([name, each]) => [name, asWritten(each, table[name])]));
  }
  if (Array.isArray(value)) return value.map((item) => asWritten(form.items as Field, item));
  return form.type === "integer" ? BigInt(value as number) : (value as Value);
}

/** The blocks of a table, one for each that has a heading: its own values first, then the tables in it. */
function writeTable(table: ValueTable, name: string): string[] {
  const entries = Object.entries(table);
  const values = entries.filter(([, value]) => !isTable(value));
  const tables = entries.filter(([, value]) => isTable(value));
  const heading = name !== "" && (values.length > 0 || tables.length === 0) ? [`[${name}]`] : [];
  const lines = [...heading, ...values.map(([key, value]) => `${key} = ${writeValue(value)}`)];
  const own = lines.length > 0 ? [`${lines.join("\n")}\n`] : [];
  const others = tables.map(([key, value]) =>
    writeTable(value as ValueTable, name === "" ? key : `${name}.${key}`),
  );
  return [...own, ...others.flat()];
}

function writeValue(value: Value): string {
  if (typeof value === "number") return floatText(value);
  if (typeof value === "string") return writeText(value);
  if (!isList(value)) return String(value);
  return value.length === 0 ? "[]" : `[\n${value.map((item) => `    ${writeValue(item)},\n`).join("")}]`;
}

const SHORT_ESCAPES: { readonly [character: string]: string } = {
  "\b": "\\b",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

function writeText(text: string): string {
  // All control characters but the tab, which may stand in a text of TOML.
  const escaped = text.replace(
    /[\u0000-\u0008\u000a-\u001f\u007f"\\]/g,
    (each) => SHORT_ESCAPES[each] ?? `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
