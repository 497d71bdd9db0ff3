// "Back" and "forward" in a browser's history, and what a tab keeps over a reload.

import assert from "node:assert/strict";
import { test } from "node:test";

import { SHIPPED } from "../src/lessons/shipped.ts";
import { newSession } from "../src/state/session.ts";
import { initialState } from "../src/state/state.ts";
import { makeStore, type Store } from "../src/state/store.ts";

/** As much of a browser's window as this needs. */
function makeWindow() {
  const listeners = new Map<string, (event: Event) => void>();
  const entries: { readonly entry: number | null }[] = [{ entry: null }];
  let at = 0;
  let isRefusing = false;
  const kept = new Map<string, string>();
  const addEventListener = (name: string, listener: (event: Event) => void) => void listeners.set(name, listener);
  const history = {
    get state() {
      return entries[at];
    },
    pushState(state: { readonly entry: number }) {
      if (isRefusing) throw new DOMException("too many", "SecurityError");
      entries.splice((at += 1), Infinity, state);
    },
  };
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text) };
  const document = { addEventListener: () => undefined };
  Object.assign(globalThis, { addEventListener, document, history, sessionStorage: storage, location: { hash: "", pathname: "/page.html", search: "" } });
  return {
    tell: (name: string) => listeners.get(name)?.(new Event(name)),
    refuse: () => (isRefusing = true),
    go(by: number) {
      at += by;
      listeners.get("popstate")?.(new Event("popstate"));
    },
    length: () => entries.length,
  };
}

const window = makeWindow();
const { followAddress } = await import("../src/state/address.ts");
const { keepSession, keptSession } = await import("../src/state/keeping.ts");
const [[, first], [, second]] = SHIPPED;
const titleOf = (store: Store) => store.get().lesson.lesson?.title ?? null;

test("back brings back what there was before a lesson, with its answers and its beginning; forward the lesson", () => {
  const store = makeStore(initialState("light"));
  followAddress(store);
  store.dispatch({ kind: "set_seed", seed: "7" });
  store.dispatch({ kind: "open_as_entry", session: first });
  store.dispatch({ kind: "lesson", act: { kind: "answer", question: 0, given: 1 } });
  store.dispatch({ kind: "open_as_entry", session: second });
  assert.equal(titleOf(store), second.lesson?.title);
  window.go(-1);
  const { lesson } = store.get();
  assert.deepEqual([lesson.lesson, lesson.answers[0].given, lesson.opened], [first.lesson, 1, first]);
  window.go(-1);
  assert.deepEqual([titleOf(store), store.get().seed], [null, "7"]);
  window.go(2);
  assert.equal(titleOf(store), second.lesson?.title);
  window.refuse();
  const { experiment } = initialState("light");
  store.dispatch({ kind: "open_as_entry", session: { ...newSession(experiment), seed: "9" } });
  assert.deepEqual([store.get().seed, window.length()], ["9", 3]);
});

test("a tab that is loaded anew has its lesson as it is, and its set-up as it began", () => {
  const store = makeStore(initialState("dark"));
  keepSession(store, "");
  store.dispatch({ kind: "open_session", session: first });
  store.dispatch({ kind: "enter_field", path: "training.batch_size", entered: "512" });
  window.tell("pagehide");
  const kept = keptSession("");
  assert.ok(kept !== null);
  assert.equal(keptSession("another page"), null);
  const again = makeStore(initialState(kept.theme));
  again.dispatch({ kind: "open_session", session: kept.session, began: kept.began });
  assert.deepEqual([again.get().theme, again.get().experiment.training.batch_size], ["dark", 512]);
  again.dispatch({ kind: "open_lesson_again" });
  assert.equal(again.get().experiment.training.batch_size, first.experiment.training.batch_size);
});
