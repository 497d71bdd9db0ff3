// A session as the end of an address, behind its #: compressed, in letters that an address may have.

import { fromBase64, toBase64 } from "../text/base64.ts";
import type { Session } from "../state/session.ts";
import { Refusal } from "../text/refusal.ts";
import { VERSIONS, versionOf, writeSession } from "./session_file.ts";
import { readSession, readVersions } from "./session_reading.ts";

const LARGEST = 16_000_000; // bytes that a link may become

/** Write a session for the end of an address. */
export async function writeLink(session: Session): Promise<string> {
  const text = new Blob([writeSession(session)]);
  const stream = text.stream().pipeThrough(new CompressionStream("deflate"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  return `mlplab-${versionOf(session)}-${toBase64(packed).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** Read what stands behind the # of an address, or refuse it by a `Refusal`. */
export async function readLink(fragment: string): Promise<Session> {
  const [, version, code] = /^mlplab-(\d{1,9})-(.*)$/s.exec(fragment) ?? [];
  if (version === undefined) throw new Refusal("what stands behind # in the address is no link of the playground");
  if (!VERSIONS.includes(Number(version)))
    throw new Refusal(`the link is of version ${version}, and this page reads ${readVersions()}`);
  const isClean = /^[A-Za-z0-9_-]*$/.test(code);
  const packed = isClean ? fromBase64(code.replaceAll("-", "+").replaceAll("_", "/")) : null;
  const text = packed === null ? null : await unpacked(packed);
  if (text === null) throw new Refusal("the link is damaged or cut off");
  try {
    return readSession(text);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`the link cannot be opened: ${error.message}`);
    throw error;
  }
}

/** What was compressed; null if it is damaged, or far too much. */
async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<string | null> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    // Bytes that nothing was compressed to: browsers throw one error, Node another.
    const part = await reader.read().catch(() => null);
    if (part === null) return null;
    if (part.done) return new Blob(parts).text();
    parts.push(part.value);
    length += part.value.length;
    if (length > LARGEST) {
      await reader.cancel();
      return null;
    }
  }
}
