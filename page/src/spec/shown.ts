// Values as Python writes them: in its messages, and its numbers in TOML.

import { isList, isTable, type Value } from "./values.ts";

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
  if (!isTable(value)) throw new TypeError("a value was expected");
  const items = Object.entries(value).map(([name, each]) => `${quoted(name)}: ${representation(each)}`);
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

/** A float64 with the fewest digits that tell it apart, as Python writes it: 0.1, 1.0, 1e-07, 1e+16. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa, power] = Math.abs(value).toExponential().split("e") as [string, string];
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${mantissa}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
}

function shortened(text: string): string {
  const line = [...text.trim().split(/\s+/u).join(" ")];
  return line.length <= LONGEST ? line.join("") : `${line.slice(0, LONGEST - 3).join("")}...`;
}

const SHORT_ESCAPES: { readonly [character: string]: string } = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Text in quotes as Python's `repr` writes it; what cannot be printed by its number. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const characters = [...text].map((character) => {
    if (character === quote) return `\\${character}`;
    const short = SHORT_ESCAPES[character];
    if (short !== undefined) return short;
    if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
    const code = (character.codePointAt(0) as number).toString(16);
    if (code.length <= 2) return `\\x${code.padStart(2, "0")}`;
    return code.length <= 4 ? `\\u${code.padStart(4, "0")}` : `\\U${code.padStart(8, "0")}`;
  });
  return `${quote}${characters.join("")}${quote}`;
}
