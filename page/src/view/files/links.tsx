// Links to a session: each is made, shown and copied by its button.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { writeLink } from "../../exports/link.ts";
import { addressOf, warningOf } from "../../state/address.ts";
import { type Session, sessionOf } from "../../state/session.ts";
import type { State } from "../../state/state.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import type { Part } from "../help/texts.ts";
import { count } from "../numbers.ts";

const LONG = 8000; // characters, of which some programs cut off the rest

/** A short link, by which the page trains again up to here, and one of everything. */
export function Links({ state, isReady }: { readonly state: State; readonly isReady: boolean }) {
  const offers: readonly Offer[] = [
    {
      title: "Copy a short link",
      says: "the set-up; the page trains again up to here",
      part: "short_link",
      session: () => ({ ...sessionOf(state), snapshot: null }),
    },
    {
      title: "Copy a link of everything",
      says: "weights and curves, too; it opens at once",
      part: "whole_link",
      session: () => sessionOf(state),
    },
  ];
  return <CopiedLinks offers={offers} isReady={isReady} />;
}

interface Offer {
  readonly title: string;
  readonly says: string;
  /** Of the help, which explains it. */
  readonly part: Part;
  readonly session: () => Session;
}

export function CopiedLinks({ offers, isReady }: { readonly offers: readonly Offer[]; readonly isReady: boolean }) {
  const [address, setAddress] = useState("");
  const [said, setSaid] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const status = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    if (said !== "") status.current?.scrollIntoView({ block: "nearest" });
  }, [said]);
  async function make(session: Session): Promise<void> {
    const made = addressOf(await writeLink(session));
    if (made === null) {
      setSaid("This page stands in a frame without an address: take the session as a file.");
      return;
    }
    setAddress(made);
    const isCopied = await copy(made);
    const long = made.length > LONG ? " Some programs cut so long an address: a session file is safer." : "";
    const how = isCopied ? "Copied" : "Copy it from the field";
    setSaid(`${how}: ${count(made.length)} characters.${long} ${warningOf(made)}`.trimEnd());
    if (!isCopied) field.current?.select();
  }
  return (
    <>
      <ul class="files-list">
        {offers.map(({ title, says, part, session }) => (
          <li key={title}>
            <Button {...help(part)} disabled={!isReady} onClick={() => void make(session())}>{title}</Button>
            <span class="muted">{says}</span>
          </li>
        ))}
      </ul>
      <input
        ref={field}
        class="files-link"
        aria-label="link"
        {...help("link_field")}
        readOnly
        hidden={address === ""}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p class="muted" role="status" ref={status}>{said}</p>
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
