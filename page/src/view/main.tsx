// Begins the page.

import { render } from "preact";
import { useState } from "preact/hooks";

import { connect } from "../state/effects.ts";
import { initialState, type State } from "../state/state.ts";
import { makeStore } from "../state/store.ts";
import { App } from "./app.tsx";

const root = document.getElementById("page");
if (root === null) throw new Error("the page has no place to be drawn");

const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
const store = makeStore(initialState(prefersDark ? "dark" : "light"));

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

store.subscribe(() => {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(draw);
});
render(<Page />, root);
draw();
connect(store);
