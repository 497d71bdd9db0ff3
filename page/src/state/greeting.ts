// Whether a newcomer was already asked to take the tour: once for ever, or once in a tab where nothing is stored.

import { refusable } from "./keeping.ts";
import type { Store } from "./store.ts";

const KEY = "mlplab greeted";

/** Ask who comes for the first time, and remember when the question was answered. */
export function greet(store: Store): void {
  if (wasGreeted()) return;
  store.dispatch({ kind: "help", act: { kind: "invite" } });
  let isAsked = true;
  store.subscribe(() => {
    if (!isAsked || store.get().help.isInvited) return;
    isAsked = false;
    remember();
  });
}

function wasGreeted(): boolean {
  return window.name === KEY || refusable(() => localStorage.getItem(KEY)) != null;
}

function remember(): void {
  // A tab has its name also where it may store nothing, and keeps it when it is loaded anew.
  if (refusable(() => (localStorage.setItem(KEY, "yes"), true)) === null && window.name === "") window.name = KEY;
}
