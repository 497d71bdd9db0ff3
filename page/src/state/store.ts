// Holds the state, and tells those who listen when it is another one.

import type { Action, Dispatch } from "./actions.ts";
import type { State } from "./state.ts";
import { update } from "./update.ts";

export interface Store {
  readonly dispatch: Dispatch;
  readonly get: () => State;
  /** Call a function with each new state; returns a function that ends it. */
  readonly subscribe: (listener: (state: State) => void) => () => void;
}

export function makeStore(first: State): Store {
  let state = first;
  const listeners = new Set<(state: State) => void>();
  const dispatch = (action: Action) => {
    const next = update(state, action);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener(state);
  };
  const subscribe = (listener: (state: State) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { dispatch, get: () => state, subscribe };
}
