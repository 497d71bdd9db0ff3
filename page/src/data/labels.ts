// Labels as classes, as `mlplab.data.labels` numbers and calls them.

import { quoted } from "../text/quoted.ts";
import { numberOf } from "./columns.ts";
import { Refusal } from "../text/refusal.ts";

const WHOLE = /^[+-]?\d+(?:\.0*)?$/;

export interface Classes {
  /** Class of each sample, from 0 on. */
  readonly y: readonly number[];
  readonly names: readonly string[];
}

/**
 * The class of each label, and the classes' names: in numerical order if all are whole numbers, else in
 * alphabetical order.
 *
 * `where` says what messages call the place of a sample.
 */
export function classesOf(labels: readonly string[], where: (row: number) => string): Classes {
  const texts = labels.map((label) => label.trim());
  const missing = texts.indexOf("");
  if (missing >= 0) throw new Refusal(`${where(missing)}: the label is missing`);
  const first = new Map<string, number>();
  texts.forEach((text, row) => first.set(text, first.get(text) ?? row));
  const found = [...first.keys()].sort();
  const place = (text: string) => first.get(text) as number;
  const broken = found.find((text) => !WHOLE.test(text));
  if (broken === undefined) orderWholes(found, place, where);
  else if (found.every((text) => numberOf(text) !== null))
    throw new Refusal(
      `${where(place(broken))}: a label must be a whole number or a name, received ${quoted(broken)}`,
    );
  const number = new Map(found.map((text, k) => [text, k]));
  const names = broken === undefined ? found.map((text) => text.split(".")[0]) : found;
  return { y: texts.map((text) => number.get(text) as number), names };
}

/** Sort whole numbers; one in two spellings is refused. */
function orderWholes(found: string[], place: (text: string) => number, where: (row: number) => string): void {
  const value = (text: string) => BigInt(text.split(".")[0].replace("+", ""));
  found.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  found.slice(1).forEach((b, i) => {
    const a = found[i];
    if (value(a) === value(b))
      throw new Refusal(
        `${where(Math.max(place(a), place(b)))}: the labels ${quoted(a)} and ${quoted(b)} are one ` +
          "number in two spellings; spell each class in one way",
      );
  });
}
