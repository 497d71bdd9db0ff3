// What is typed into a field: the value that it says, or what is wrong with it. Never another value.

import { floatText } from "../text/numbers.ts";
import { type Field, formOf, forms, resolved } from "./schema.ts";
import { shown } from "./shown.ts";
import { fieldProblem } from "./validate.ts";
import type { Value } from "./values.ts";

type Typed = { readonly value: Value } | { readonly message: string };

/** Read what is typed into a field of the spec. */
export function readTyped(text: string, field: Field): Typed {
  const whole = resolved(field);
  if (text.trim() === "" && forms(whole).some((form) => form.type === "null")) return { value: null };
  const form = formOf(whole, 0);
  return form.type === "array" ? readList(text, form) : readOne(text, form);
}

/** Read values with commas between them. */
function readList(text: string, list: Field): Typed {
  if (text.trim() === "") {
    return { message: "expected values with commas between them, but the field is empty" };
  }
  const values: Value[] = [];
  for (const [index, word] of text.split(",").entries()) {
    if (word.trim() === "") return { message: `value ${index + 1} of the list is empty` };
    const read = readOne(word.trim(), resolved(list.items as Field));
    if ("message" in read) return read;
    values.push(read.value);
  }
  return bounded(list, values);
}

function readOne(text: string, field: Field): Typed {
  return field.type === "integer" || field.type === "number"
    ? readNumber(text, field)
    : bounded(field, text);
}

/** The value, if it is within the field's bounds. */
function bounded(field: Field, value: Value): Typed {
  const message = fieldProblem(field, value);
  return message === null ? { value } : { message };
}

/** Read a number as people type it: with a point, an exponent, or a real minus sign. */
function readNumber(text: string, field: Field): Typed {
  const word = text.trim().replace(/^\u2212/, "-");
  const isWhole = field.type === "integer";
  const called = isWhole ? "a whole number" : "a number";
  const came = `received ${shown(text)}`;
  if (word === "") return { message: `expected ${called}, but the field is empty` };
  const isInDigits = /^[+-]?\d+$/.test(word);
  if (isWhole && !isInDigits) return { message: `expected ${called} in digits, such as 20, ${came}` };
  if (/^[+-]?\d*,\d+$/.test(word)) {
    return { message: `expected ${called} with a point, such as ${word.replace(",", ".")}, ${came}` };
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) {
    return { message: `expected ${called}, such as 0.05, ${came}` };
  }
  // Without a point it stays a whole one, as in TOML, so that messages repeat it as it was typed.
  const value = isInDigits ? BigInt(word) : Number(word);
  if (!Number.isFinite(Number(value))) return { message: `the number is too large, ${came}` };
  const read = bounded(field, value);
  if (isWhole || "message" in read) return read;
  const nearest = floatText(Number(value));
  if (digitsOf(word) === digitsOf(nearest)) return read;
  return { message: `a number holds about 16 digits, the nearest is ${nearest}, ${came}` };
}

/** A decimal number's sign, digits and power of ten, in one way for equal numbers. */
function digitsOf(word: string): string {
  const [mantissa, power] = word.toLowerCase().split("e") as [string, string | undefined];
  const [whole, fraction = ""] = mantissa.replace(/^[+-]/, "").split(".") as [string, string | undefined];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  const exponent = BigInt(power ?? 0) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${mantissa.startsWith("-") ? "-" : ""}${kept}e${exponent}`;
}
