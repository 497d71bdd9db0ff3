// Keeps the session over a reload: each tab has a storage of its own, so that two do not mix.

import { Refusal } from "../text/refusal.ts";
import { writeSession } from "../exports/session_file.ts";
import { readSession } from "../exports/session_reading.ts";
import { type Session, sessionOf } from "./session.ts";
import type { State, Theme } from "./state.ts";
import type { Store } from "./store.ts";

/** What a tab keeps, besides what Python had put into the page: for another one, nothing comes back. */
interface Kept {
  readonly theme: Theme;
  readonly keysOn: boolean;
  readonly session: Session;
  /** What the lesson of the session began with; null where there is no lesson. */
  readonly began: Session | null;
}

const KEY = `mlplab ${location.pathname}`;

/** Keep the session whenever the page may be about to go. */
export function keepSession(store: Store, opened: string): void {
  const put = ({ theme, keysOn, lesson }: State, session: Session) => {
    const began = lesson.opened === null ? "" : writeSession(lesson.opened);
    const text = [theme, keysOn, writeSession(session), began, opened].join("\n");
    return refusable(() => (sessionStorage.setItem(KEY, text), true)) ?? false;
  };
  const keep = () => {
    const session = sessionOf(store.get());
    // A network that the storage has no room for is trained anew.
    if (!put(store.get(), session)) put(store.get(), { ...session, snapshot: null });
  };
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}

/** What this tab had kept of the same page; null if nothing. */
export function keptSession(opened: string): Kept | null {
  const [theme, keys, session, began, ...of] = refusable(() => sessionStorage.getItem(KEY))?.split("\n") ?? [];
  if (began === undefined || of.join("\n") !== opened) return null;
  try {
    return {
      theme: theme === "dark" ? "dark" : "light",
      keysOn: keys === "true",
      session: readSession(session),
      began: began === "" ? null : readSession(began),
    };
  } catch (error) {
    if (error instanceof Refusal) return null; // of another version
    throw error;
  }
}

/** What comes of the storage; null where it is refused, as to a sandboxed frame, or full. */
export function refusable<T>(use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
