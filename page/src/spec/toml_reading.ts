// TOML that people write for mlplab, read as Python reads it.

import type { Experiment } from "../engine/experiment.ts";
import { parse, TomlError, type TomlValue } from "smol-toml";
import { below, Problem, validate } from "./validate.ts";
import { isDeeper, type Value } from "./values.ts";

/** So deep may tables and lists lie in each other. */
const MOST_LEVELS = 100;

/** Read an experiment from TOML; `source` is what messages call it. A `Problem` says what is wrong. */
export function readToml(text: string, source = "experiment"): Experiment {
  let table: TomlValue;
  try {
    table = parse(text.replace(/^\ufeff/, ""), { integersAsBigInt: true });
  } catch (error) {
    if (error instanceof TomlError) throw new Problem("", `${source} is not valid TOML: ${words(error, text)}`);
    throw error;
  }
  if (isDeeper(table, MOST_LEVELS))
    throw new Problem("", `${source} has tables or lists more than ${MOST_LEVELS} deep in each other`);
  return validate(fromToml(table, ""));
}

/** What the parser says, on one line, and where. */
function words(error: TomlError, text: string): string {
  const said = (error.message.split("\n")[0] as string).replace("Invalid TOML document: ", "");
  const line = text.split("\n")[error.line - 1] ?? "";
  const hint = /=\s*[A-Za-z]/.test(line) ? "; is it a text without quotes?" : "";
  return `${said} (at line ${error.line}, column ${error.column})${hint}`;
}

function fromToml(value: TomlValue, path: string): Value {
  if (value instanceof Date) throw new Problem(path, "no date or time belongs here");
  if (Array.isArray(value)) return value.map((item, i) => fromToml(item, below(path, i)));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fromToml(each, below(path, name))]));
}
