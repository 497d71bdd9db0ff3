// A CSV file as named columns of text and of numbers, as `mlplab.data.csv_file` and `mlplab.data.columns` read it.

import { suggestion } from "../spec/suggestion.ts";
import { quoted } from "../text/quoted.ts";
import { Refusal } from "../text/refusal.ts";
import type { Row } from "./rows.ts";

export const LABEL = "label";
export const SPLIT = "split";

/** How a line begins that Excel, and PowerShell, may write above the header. */
const PREAMBLES = ["sep=", "#TYPE "];

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const NOT_FINITE = /^[+-]?(inf|infinity|nan)$/i;

/** Digits with signs in between that are no number in Python: 1_000, 1,5, 20 %. */
const ALMOST = /^[+-]?[\d.,_'’\s]*\d[\d.,_'’\s]*%?$/;

const TRUTH = new Map([
  ["True", 1],
  ["False", 0],
]);

export interface Columns {
  /** What messages call the file. */
  readonly source: string;
  /** Of the columns, without spaces around them; empty for a column without a name. */
  readonly names: readonly string[];
  /** On which each row ends. */
  readonly lines: readonly number[];
  /** Texts of each column, by its name. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Take the first row that is not blank as the header, and each one below it as a sample. */
export function columnsOf(rows: readonly Row[], source: string): Columns {
  const isFilled = ({ fields }: Row) => fields.some((field) => field.trim() !== "");
  const isPreamble = ({ fields }: Row) => PREAMBLES.some((each) => fields[0].startsWith(each));
  const first = rows.findIndex((row) => isFilled(row) && !isPreamble(row));
  const header = first < 0 ? [] : rows[first].fields;
  const samples = first < 0 ? [] : rows.slice(first + 1).filter(isFilled);
  const names = header.map((name) => name.trim());
  for (const { fields, line } of samples)
    if (fields.slice(header.length).some((field) => field.trim() !== "")) {
      const why = saidOfSeparators(names); // numbers may be written with commas
      if (why !== null) throw new Refusal(`${source}: ${why}`);
      throw new Refusal(`${source}, line ${line}: the row has more values than the header has names (${header.length})`);
    }
  checkNames(names, source);
  const textsOf = (column: number) => samples.map(({ fields }) => fields[column] ?? "");
  const values = new Map(names.map((name, column) => [name, textsOf(column)]));
  return { source, names, lines: samples.map(({ line }) => line), values };
}

/** What messages call a row: the line that it ends on. */
export function where({ source, lines }: Columns, row: number): string {
  return `${source}, line ${lines[row]}`;
}

/** A column's texts; none where there is no such column. */
export function valuesOf(columns: Columns, name: string): readonly string[] {
  return columns.values.get(name) ?? [];
}

/** Refuse two columns of one name, and a header that lacks the label's. */
function checkNames(names: readonly string[], source: string): void {
  const named = names.filter((name) => name !== "");
  const twice = named.find((name, i) => named.indexOf(name) < i);
  if (twice !== undefined) {
    const count = named.filter((name) => name === twice).length;
    throw new Refusal(`${source}: ${count} columns are called ${quoted(twice)}`);
  }
  if (named.includes(LABEL)) return;
  const why = saidOfSeparators(names) ?? (named.length === 0 ? "there is no header at all" : suggestion(LABEL, named));
  throw new Refusal(`${source}: the label's column ${quoted(LABEL)} is missing; ${why}`);
}

/** A sentence if something else than commas separates columns, so that names have it in them. */
function saidOfSeparators(names: readonly string[]): string | null {
  if (!names.some((name) => /[;\t]/.test(name))) return null;
  return `the header is ${quoted(names.filter((name) => name !== "").join(", "))}: separate columns by commas`;
}

/** The names of all columns of numbers but the label's and the splits', and but those without a name. */
export function featuresOf(columns: Columns): string[] {
  const names = columns.names.filter((name) => name !== "" && name !== LABEL && name !== SPLIT);
  const chosen = names.filter((name) => holdsNumbers(valuesOf(columns, name)));
  if (chosen.length > 0) return chosen;
  const found = names.join(", ") || "none besides what is to be learned";
  throw new Refusal(`${columns.source}: no column of numbers to learn from (found: ${found})`);
}

/** The features, row by row, (rows, features). */
export function matrixOf(columns: Columns, features: readonly string[]): Float64Array {
  const numbers = features.map((name) => numbersOf(columns, name));
  return Float64Array.from({ length: columns.lines.length * features.length }, (_, i) => {
    return numbers[i % features.length][Math.floor(i / features.length)];
  });
}

/** The number that a text is, NaN for one that is not finite, or null. */
export function numberOf(text: string): number | null {
  const plain = text.trim();
  if (NOT_FINITE.test(plain)) return NaN;
  return FLOAT.test(plain) ? Number(plain) : null;
}

/**
 * Whether one value is a number at least, or nearly so, or all are True and False.
 *
 * A column of words with a number in it is meant as numbers: so the word is found that stands in between.
 */
function holdsNumbers(values: readonly string[]): boolean {
  if (values.some((value) => numberOf(value) !== null || ALMOST.test(value.trim()))) return true;
  const words = values.filter((value) => value !== "");
  return words.length > 0 && words.every((word) => TRUTH.has(word));
}

/** A column as finite numbers; True and False, if there is nothing else, are 1 and 0. */
function numbersOf(columns: Columns, name: string): readonly number[] {
  const values = valuesOf(columns, name);
  if (values.every((value) => TRUTH.has(value))) return values.map((value) => TRUTH.get(value) as number);
  const numbers = values.map(numberOf);
  const refuse = (row: number, what: string) =>
    new Refusal(`${where(columns, row)}, column ${quoted(name)}: expected ${what}, received ${quoted(values[row])}`);
  const lost = numbers.indexOf(null);
  if (lost >= 0) throw refuse(lost, "a number");
  return numbers.map((value, row) => {
    if (!Number.isFinite(value)) throw refuse(row, "a finite number");
    return value as number;
  });
}
