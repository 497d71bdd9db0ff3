// Messages as sentences of the page, and names as one reads them.

import { grouped } from "./numbers.ts";

/** What a message says as a sentence: with a capital letter and a full stop. Nothing stays nothing. */
export function sentence(message: string): string {
  const end = message === "" || message.endsWith(".") ? "" : ".";
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${end}`;
}

const LONGEST = 400; // characters

/** A message that can be read: names and values in it, which come from a file, may be of any length. */
export function cut(message: string): string {
  return message.length <= LONGEST ? message : `${message.slice(0, LONGEST)} …`;
}

/** A message of Python's as a sentence: with names as the page writes them, but for what is quoted. */
export function asSentence(message: string): string {
  const text = message.replace(/'[^']*'|[_`*]/g, (part) => ({ "_": " ", "`": "", "*": "" })[part] ?? part);
  return sentence(text);
}

/** Without the marks of code and emphasis. */
export function plain(text: string): string {
  return text.replace(/[`*]/g, "");
}

/** A name of the spec as one reads it. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}

/** So many of something: 1 epoch, 2 epochs. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
