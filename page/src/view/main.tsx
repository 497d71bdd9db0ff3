// Begins the page.

import { render } from "preact";

import { connect } from "../state/effects.ts";
import { initialState } from "../state/state.ts";
import { makeStore } from "../state/store.ts";
import { App } from "./app.tsx";

const root = document.getElementById("page");
if (root === null) throw new Error("the page has no place to be drawn");

const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
const store = makeStore(initialState(prefersDark ? "dark" : "light"));

let isAsked = false;

/** Draw the state at the next frame, once, however often it changes before. */
function draw(): void {
  isAsked = false;
  const state = store.get();
  document.documentElement.dataset["theme"] = state.theme;
  render(<App state={state} dispatch={store.dispatch} />, root as HTMLElement);
}

store.subscribe(() => {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(draw);
});
draw();
connect(store);
