// `experiment.toml`: written as Python's `Experiment.to_toml` writes it, byte for byte.

import type { Experiment } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";
import { isList, isTable, type Value, type ValueTable } from "./values.ts";
import { asWritten } from "./written.ts";

/** The experiment as TOML, every value written out. */
export function writeToml(experiment: Experiment): string {
  return writeTable(asWritten(experiment), "").join("\n");
}

/** The blocks of a table, one for each that has a heading: its own values first, then the tables in it. */
function writeTable(table: ValueTable, name: string): string[] {
  const entries = Object.entries(table);
  const values = entries.filter(([, value]) => !isTable(value));
  const tables = entries.filter(([, value]) => isTable(value));
  const heading = name !== "" && (values.length > 0 || tables.length === 0) ? [`[${name}]`] : [];
  const lines = [...heading, ...values.map(([key, value]) => `${writeKey(key)} = ${writeValue(value)}`)];
  const own = lines.length > 0 ? [`${lines.join("\n")}\n`] : [];
  const others = tables.map(([key, value]) =>
    writeTable(value as ValueTable, name === "" ? key : `${name}.${writeKey(key)}`),
  );
  return [...own, ...others.flat()];
}

function writeValue(value: Value): string {
  if (typeof value === "number") return floatText(value);
  if (typeof value === "string") return writeText(value);
  if (!isList(value)) return String(value);
  return value.length === 0 ? "[]" : `[\n${value.map((item) => `    ${writeValue(item)},\n`).join("")}]`;
}

function writeKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : writeText(key);
}

function writeText(text: string): string {
  // All control characters but the tab, which may stand in a text of TOML; JSON escapes them all but the last.
  const escaped = text.replace(/[\u0000-\u0008\u000a-\u001f\u007f"\\]/g, (each) =>
    each === "\u007f" ? "\\u007f" : JSON.stringify(each).slice(1, -1),
  );
  return `"${escaped}"`;
}
