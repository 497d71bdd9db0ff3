// Begins the page.

import { render } from "preact";
import { useState } from "preact/hooks";

import { Refusal } from "../text/refusal.ts";
import { readOpened } from "../exports/session_reading.ts";
import { followAddress, openAddress } from "../state/address.ts";
import { connect } from "../state/effects.ts";
import { greet } from "../state/greeting.ts";
import { keepSession, keptSession } from "../state/keeping.ts";
import { initialState, type State } from "../state/state.ts";
import { makeStore } from "../state/store.ts";
import { sentence } from "../text/sentence.ts";
import { App } from "./app.tsx";
import { followDrops } from "./files/opening.ts";

const root = document.getElementById("page");
if (root === null) throw new Error("the page has no place to be drawn");

/** What Python put into the page; empty if nothing. */
const opened = document.getElementById("opened")?.textContent ?? "";
const kept = keptSession(opened);
const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
const store = makeStore(initialState(kept?.theme ?? (prefersDark ? "dark" : "light")));

let isAsked = false;
let show: (state: State) => void = () => undefined;

/** The page is rendered once, and then given each state: names that Preact counts stay different so. */
function Page() {
  const [state, setState] = useState(store.get());
  show = setState;
  return <App state={state} dispatch={store.dispatch} />;
}

/** Draw the state at the next frame, once, however often it changes before. */
function draw(): void {
  isAsked = false;
  const state = store.get();
  document.documentElement.dataset["theme"] = state.theme;
  show(state);
}

/** Begin with what this tab had before it was loaded anew, else with what Python opened. */
function openFirst(): void {
  try {
    if (kept !== null) {
      store.dispatch({ kind: "switch_keys", on: kept.keysOn });
      store.dispatch({ kind: "open_session", session: kept.session, began: kept.began });
    } else if (opened !== "") store.dispatch({ kind: "open_session", session: readOpened(opened) });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    store.dispatch({ kind: "complain", sentence: sentence(error.message) });
  }
}

async function begin(): Promise<void> {
  // Who comes by a link, a session or an experiment has something to look at.
  const isPlain = kept === null && opened === "" && location.hash === "";
  openFirst();
  await openAddress(store.dispatch); // a link goes before both
  connect(store); // the worker begins while the page is drawn
  await new Promise((resolve) => setTimeout(resolve)); // the script was read in this task: draw in another, so that none is long
  store.subscribe(() => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(draw);
  });
  render(<Page />, root as HTMLElement);
  draw();
  followAddress(store);
  followDrops(store);
  keepSession(store, opened);
  if (isPlain) greet(store);
}

void begin();
