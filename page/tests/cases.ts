// Golden cases, which Python made: what was called, with what, and what came out.

import { readFileSync } from "node:fs";
import { join } from "node:path";

declare const PAGE_FOLDER: string;

export interface Case {
  readonly call: string;
  readonly arguments: readonly unknown[];
  readonly result: unknown;
}

const NOT_IN_JSON = new Map<unknown, number>([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** Read the cases of tests/golden/NAME.json; NaN and the infinities are written there as texts. */
export function readCases(name: string): readonly Case[] {
  const text = readFileSync(join(PAGE_FOLDER, "tests", "golden", `${name}.json`), "utf8");
  return JSON.parse(text, (_, value: unknown) => NOT_IN_JSON.get(value) ?? value) as readonly Case[];
}
