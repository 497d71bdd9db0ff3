// The words of an equation's text: numbers, names and signs, each with its position.

import { quoted } from "../text/quoted.ts";
import { LineError } from "./line_error.ts";

export const LONGEST_TEXT = 1000;

export interface Token {
  /** A sign is its own kind. */
  readonly kind: "number" | "name" | "end" | "+" | "-" | "*" | "/" | "=" | "(" | ")";
  readonly text: string;
  /** The first character has position 1. */
  readonly position: number;
}

const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/u;
const NAME = /[\p{L}\p{Nl}\p{No}_][\p{L}\p{N}_]*/u;
const TOKEN = new RegExp(`(?<number>${NUMBER.source})|(?<name>${NAME.source})|[-+*/=()]`, "uy");

/** What Python calls a space. */
const SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** Take a text apart; the last token is its end. */
export function tokensOf(text: string): Token[] {
  const characters = Array.from(text);
  if (characters.length > LONGEST_TEXT) {
    throw notALine(text, `it has ${characters.length} characters, more than ${LONGEST_TEXT}`);
  }
  if (characters.every((character) => SPACE.test(character))) throw notALine(text, "it is empty");
  // A minus sign that was copied from a typeset page.
  const typed = text.replaceAll("−", "-");
  const tokens: Token[] = [];
  let position = 1;
  for (let at = 0; at < typed.length;) {
    const character = String.fromCodePoint(typed.codePointAt(at) as number);
    if (SPACE.test(character)) {
      at += 1;
      position += 1;
      continue;
    }
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(typed);
    if (found === null) throw notALine(text, `unexpected character '${character}'`, position);
    const word = found[0];
    const kind = found.groups?.number ? "number" : found.groups?.name ? "name" : word;
    tokens.push({ kind: kind as Token["kind"], text: word, position });
    at += word.length;
    position += Array.from(word).length;
  }
  return [...tokens, { kind: "end", text: "", position }];
}

/** What is wrong with a text, and where. */
export function notALine(text: string, what: string, position?: number): LineError {
  const characters = Array.from(text);
  const shown = characters.length <= 60 ? text : `${characters.slice(0, 57).join("")}...`;
  const where = position === undefined ? "" : ` (position ${position})`;
  return new LineError(`${quoted(shown)} is not the equation of a line${where}: ${what}`);
}
