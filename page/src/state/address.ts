// Links in the address: one that is opened is taken out of it, so that the same one can be opened again.
//
// Each entry of the browser's history has its session: "back" brings back the one before the link, and the one before a
// lesson or a file.

import { readLink } from "../exports/link.ts";
import { Refusal } from "../text/refusal.ts";
import { sentence } from "../text/sentence.ts";
import type { Dispatch } from "./actions.ts";
import { beginOpening } from "./asked.ts";
import { refusable } from "./keeping.ts";
import { type Session, sessionOf } from "./session.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";

/** Open the link that the address has, if it has one. */
export async function openAddress(dispatch: Dispatch, entry: number | null = entryNow()): Promise<void> {
  const fragment = location.hash.slice(1);
  if (fragment === "") return;
  history.replaceState({ entry }, "", location.pathname + location.search);
  const isLast = beginOpening();
  try {
    const session = await readLink(fragment);
    if (isLast()) dispatch({ kind: "open_session", session });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (isLast()) dispatch({ kind: "complain", sentence: sentence(error.message) });
  }
}

/** Follow links that are put into the address of the open page, what is opened in the page, and "back" and "forward". */
export function followAddress({ dispatch, get, subscribe }: Store): void {
  const left = new Map<number | null, { readonly session: Session; readonly began: Session | null }>();
  let current = entryNow();
  let before = get();
  let last = 0;
  /** The number of a new entry: one that no entry has that this page made before it was loaded anew. */
  const newEntry = () => (last = Math.max(last + 1, Date.now()));
  const leaveFor = (entry: number | null, state: State) => {
    left.set(current, { session: sessionOf(state), began: state.lesson.opened });
    current = entry;
  };
  subscribe((state) => {
    const was = before;
    before = state;
    if (state.historyEntries === was.historyEntries) return;
    const entry = newEntry();
    // A browser refuses too many in a short time: then "back" leads to what there was before them.
    if (refusable(() => (history.pushState({ entry }, ""), true)) !== null) leaveFor(entry, was);
  });
  addEventListener("hashchange", () => {
    if (location.hash === "") return;
    leaveFor(newEntry(), get());
    void openAddress(dispatch, current);
  });
  addEventListener("popstate", () => {
    const entry = entryNow();
    if (location.hash !== "" || entry === current) return;
    leaveFor(entry, get());
    const there = left.get(entry);
    if (there !== undefined) dispatch({ kind: "open_session", ...there });
  });
}

/** The address of this page with a link; null where the page has none that others could open. */
export function addressOf(link: string): string | null {
  const { protocol, origin, pathname, search } = location;
  if (protocol === "file:") return `file://${pathname}${search}#${link}`;
  return protocol.startsWith("http") ? `${origin}${pathname}${search}#${link}` : null;
}

/** What to know of an address before it is sent to others: one of this machine opens nothing on theirs. */
export function warningOf(address: string): string {
  const { protocol, hostname } = new URL(address);
  if (protocol === "file:") return "It opens this file on this machine only.";
  const isOwn = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return isOwn ? "It opens on this machine only: for others, put the page on a web host, or send a file." : "";
}

function entryNow(): number | null {
  return (history.state as { readonly entry?: number } | null)?.entry ?? null;
}
