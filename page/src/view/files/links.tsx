// Links to the session: a short one, by which the page trains again up to here, and one of everything.

import { useRef, useState } from "preact/hooks";

import { writeLink } from "../../exports/link.ts";
import { addressOf } from "../../state/address.ts";
import { sessionOf } from "../../state/session.ts";
import type { State } from "../../state/state.ts";
import { Button } from "../button.tsx";
import { count } from "../numbers.ts";

const LONG = 8000; // characters, of which some programs cut off the rest

export function Links({ state, isReady }: { readonly state: State; readonly isReady: boolean }) {
  const [address, setAddress] = useState("");
  const [said, setSaid] = useState("");
  const field = useRef<HTMLInputElement>(null);
  async function make(isShort: boolean): Promise<void> {
    const session = sessionOf(state);
    const made = addressOf(await writeLink(isShort ? { ...session, snapshot: null } : session));
    if (made === null) {
      setSaid("This page stands in a frame without an address: take the session as a file.");
      return;
    }
    setAddress(made);
    const isCopied = await copy(made);
    const long = made.length > LONG ? " Some programs cut so long an address: a session file is safer." : "";
    const local = made.startsWith("file:") ? " It opens this file on this machine only." : "";
    const how = isCopied ? "Copied" : "Copy it from the field";
    setSaid(`${how}: ${count(made.length)} characters.${long}${local}`);
    if (!isCopied) field.current?.select();
  }
  return (
    <>
      <ul class="files-list">
        <li>
          <Button disabled={!isReady} onClick={() => void make(true)}>Copy a short link</Button>
          <span class="muted">the set-up; the page trains again up to here</span>
        </li>
        <li>
          <Button disabled={!isReady} onClick={() => void make(false)}>Copy a link of everything</Button>
          <span class="muted">weights and curves, too; it opens at once</span>
        </li>
      </ul>
      <input
        ref={field}
        class="files-link"
        aria-label="link"
        readOnly
        hidden={address === ""}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p class="muted" role="status">{said}</p>
    </>
  );
}

/** Whether the clipboard took it: a browser may refuse. */
async function copy(text: string): Promise<boolean> {
  if (navigator.clipboard === undefined) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}
