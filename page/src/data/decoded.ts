// The text of a file's bytes: UTF-8, or UTF-16 with a byte-order mark, as Python decodes them.

import { DataError } from "./data_error.ts";

interface Fault {
  readonly reason: string;
  /** Of the first byte that is at fault. */
  readonly at: number;
}

/** Decode a file; `name` is what messages call it. */
export function decoded(content: Uint8Array, name: string): string {
  const isLittle = content[0] === 0xff && content[1] === 0xfe;
  const isBig = content[0] === 0xfe && content[1] === 0xff;
  const isMarked = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  const fault =
    isLittle || isBig ? faultOfUtf16(content, isLittle) : faultOfUtf8(content.subarray(isMarked ? 3 : 0));
  if (fault !== null) throw notText(name, `${fault.reason} at byte ${fault.at}`);
  const text = new TextDecoder(isLittle ? "utf-16le" : isBig ? "utf-16be" : "utf-8").decode(content);
  if (text.includes("\0")) throw notText(name, "it holds zero bytes");
  return text;
}

function notText(name: string, why: string): DataError {
  return new DataError(`${name} is not text in UTF-8 (${why}); save it as CSV UTF-8`);
}

function faultOfUtf8(bytes: Uint8Array): Fault | null {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at];
    const following = bytesBehind(first);
    if (following === null) return { reason: "invalid start byte", at };
    for (let i = 1; i <= following; i++) {
      if (at + i >= bytes.length) return { reason: "unexpected end of data", at };
      const byte = bytes[at + i];
      const [low, high] = i === 1 ? secondByte(first) : [0x80, 0xbf];
      if (byte < low || byte > high) return { reason: "invalid continuation byte", at };
    }
    at += following + 1;
  }
  return null;
}

/** How many bytes belong to a character besides its first one; null where no character begins so. */
function bytesBehind(first: number): number | null {
  if (first < 0x80) return 0;
  if (first < 0xc2 || first > 0xf4) return null;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/** Between which bytes the second one lies: others would spell a character twice, or none. */
function secondByte(first: number): readonly [number, number] {
  if (first === 0xe0) return [0xa0, 0xbf];
  if (first === 0xed) return [0x80, 0x9f];
  if (first === 0xf0) return [0x90, 0xbf];
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}

function faultOfUtf16(bytes: Uint8Array, isLittle: boolean): Fault | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at < bytes.length; at += 2) {
    if (at + 1 === bytes.length) return { reason: "truncated data", at };
    const unit = view.getUint16(at, isLittle);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    if (unit >= 0xdc00) return { reason: "illegal encoding", at };
    if (at + 3 >= bytes.length) return { reason: "unexpected end of data", at };
    const next = view.getUint16(at + 2, isLittle);
    if (next < 0xdc00 || next > 0xdfff) return { reason: "illegal UTF-16 surrogate", at };
    at += 2;
  }
  return null;
}
