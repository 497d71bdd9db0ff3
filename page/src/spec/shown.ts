// Values as Python writes them in its messages.

import { floatText } from "../text/numbers.ts";
import { quoted } from "../text/quoted.ts";
import { isList, type Value, type ValueTable } from "./values.ts";

const LONGEST = 60;

/** A value for a message: on one line, and no longer than 60 characters. */
export function shown(value: Value): string {
  return shortened(representation(value));
}

/** A list that has been read, for a message: Python then has a tuple. */
export function shownTuple(items: readonly Value[]): string {
  return shortened(tuple(items));
}

/** A value as Python's `repr` writes it. */
export function representation(value: Value): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return floatText(value);
  if (typeof value === "string") return quoted(value);
  if (isList(value)) return `[${value.map(representation).join(", ")}]`;
  const items = Object.entries(value as ValueTable).map(([name, each]) => `${quoted(name)}: ${representation(each)}`);
  return `{${items.join(", ")}}`;
}

/** A tuple as Python's `repr` writes it. */
export function tuple(items: readonly Value[]): string {
  return `(${items.map(representation).join(", ")}${items.length === 1 ? "," : ""})`;
}

/** A value as Python's `str` writes it: text as it is. */
export function plainText(value: Value): string {
  return typeof value === "string" ? value : representation(value);
}

function shortened(text: string): string {
  const line = [...text.trim().split(/\s+/u).join(" ")];
  return line.length <= LONGEST ? line.join("") : `${line.slice(0, LONGEST - 3).join("")}...`;
}
