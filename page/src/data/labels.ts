// Labels as classes, as `mlplab.data.labels` numbers and calls them.

import { shown } from "../spec/shown.ts";
import { quoted } from "../text/quoted.ts";
import { DataError } from "./data_error.ts";
import { numberOf, plainDigit, stripped } from "./number_text.ts";

const WHOLE = /^[+-]?\p{Nd}{1,1000}(?:\.0*)?$/u;

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
  const texts = labels.map(stripped);
  const missing = texts.indexOf("");
  if (missing >= 0) throw new DataError(`${where(missing)}: the label is missing`);
  const first = new Map<string, number>();
  texts.forEach((text, row) => first.set(text, first.get(text) ?? row));
  const found = [...first.keys()].sort(byCodePoint);
  const place = (text: string) => first.get(text) as number;
  if (!found.every((text) => WHOLE.test(text))) {
    if (found.every(isNumber)) {
      const text = found.find((each) => !WHOLE.test(each)) as string;
      throw new DataError(
        `${where(place(text))}: a label must be a whole number or a name, received ${shown(text)}`,
      );
    }
    return numbered(texts, found, found);
  }
  const wholes = new Map(found.map((text) => [text, whole(text)]));
  const value = (text: string) => wholes.get(text) as bigint;
  found.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  found.slice(1).forEach((b, i) => {
    const a = found[i];
    if (value(a) === value(b))
      throw new DataError(
        `${where(Math.max(place(a), place(b)))}: the labels ${quoted(a)} and ${quoted(b)} are one ` +
          "number in two spellings; spell each class in one way",
      );
  });
  return numbered(texts, found, found.map((text) => text.split(".")[0]));
}

/** Which of two texts stands first in Python's order, which goes by code points and not by UTF-16. */
export function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const apart = (left[i].codePointAt(0) as number) - (right[i].codePointAt(0) as number);
    if (apart !== 0) return apart;
  }
  return left.length - right.length;
}

function numbered(texts: readonly string[], ordered: readonly string[], names: readonly string[]): Classes {
  const number = new Map(ordered.map((text, k) => [text, k]));
  return { y: texts.map((text) => number.get(text) as number), names };
}

/** Whether Python's `float` reads it, which takes 1_000, too. */
function isNumber(text: string): boolean {
  return numberOf(text.replace(/(?<=\p{Nd})_(?=\p{Nd})/gu, "")) !== null;
}

function whole(text: string): bigint {
  return BigInt(text.split(".")[0].replace(/\p{Nd}/gu, plainDigit));
}
