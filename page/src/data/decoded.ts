// The text of a file's bytes: UTF-8, or UTF-16 with a byte-order mark.

import { Refusal } from "../text/refusal.ts";

/** Decode a file; `name` is what messages call it. */
export function decoded(content: Uint8Array, name: string): string {
  const mark = content[0] * 256 + content[1];
  const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    text = "\0";
  }
  if (text.includes("\0")) throw new Refusal(`${name} is not text in UTF-8; save it as CSV UTF-8`);
  return text;
}
