// TOML that people write for mlplab, read as Python reads it.

import { parse, TomlError, type TomlValue } from "smol-toml";
import { type Outcome, validate, below, type Problem } from "./validate.ts";
import { isDeeper, type Value } from "./values.ts";

/** So deep may tables and lists lie in each other. */
const MOST_LEVELS = 100;

/** Read an experiment from TOML; `source` is what messages call it. */
export function readToml(text: string, source = "experiment"): Outcome {
  const problems: Problem[] = [];
  const refuse = (message: string): Outcome => ({ problems: [{ path: "", message }] });
  let value: Value;
  try {
    const table = parse(text.replace(/^\ufeff/, ""), { integersAsBigInt: true });
    if (isDeeper(table, MOST_LEVELS)) {
      return refuse(`${source} has tables or lists more than ${MOST_LEVELS} deep in each other`);
    }
    value = fromToml(table, "", problems);
  } catch (error) {
    if (error instanceof TomlError) return refuse(`${source} is not valid TOML: ${words(error, text)}`);
    throw error;
  }
  return problems.length > 0 ? { problems } : validate(value);
}

/** What the parser says, on one line, and where. */
function words(error: TomlError, text: string): string {
  const said = (error.message.split("\n")[0] as string).replace("Invalid TOML document: ", "");
  const line = text.split("\n")[error.line - 1] ?? "";
  const hint = /=\s*[A-Za-z]/.test(line) ? "; is it a text without quotes?" : "";
  return `${said} (at line ${error.line}, column ${error.column})${hint}`;
}

function fromToml(value: TomlValue, path: string, problems: Problem[]): Value {
  if (value instanceof Date) {
    problems.push({ path, message: "no date or time belongs here" });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, i) => fromToml(item, below(path, i), problems));
  if (typeof value !== "object") return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, fromToml(each, below(path, name), problems)]),
  );
}
