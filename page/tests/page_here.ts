// A page without a browser: its state, and the worker that looks after the network.

import type { Engine } from "../src/engine/engine.ts";
import type { Action } from "../src/state/actions.ts";
import { initialState, type State } from "../src/state/state.ts";
import { update } from "../src/state/update.ts";
import { isWaiting, wantedOf } from "../src/state/training.ts";
import type { Result } from "../src/worker/messages.ts";
import { makeTrainer } from "../src/worker/trainer.ts";

const FASTEST = { title: "fastest", number: Infinity, unit: "epochs" } as const;

export function openPage(engine: Engine) {
  let state: State = initialState("light");
  let time = 0;
  const results: Result[] = [];
  const trainer = makeTrainer(engine, (result) => results.push(structuredClone(result)), () => (time += 1));
  const act = (...actions: readonly Action[]): State => {
    for (const action of actions) {
      const { revision } = state;
      state = update(state, action);
      if (state.revision !== revision) trainer.take(structuredClone(wantedOf(state)));
    }
    return state;
  };
  /** Do something, and let the worker come to rest. */
  const settled = (...actions: readonly Action[]): State => {
    act(...actions);
    for (let turns = 0; isWaiting(state); turns++) {
      if (turns > 100_000) throw new Error("it does not come to rest");
      trainer.turn();
      for (const result of results.splice(0)) act({ kind: "result", result });
    }
    return state;
  };
  trainer.take(structuredClone(wantedOf(state)));
  act({ kind: "set_speed", speed: FASTEST });
  return { act, settled, get: () => state };
}

/** The result that is shown. */
export function shown({ result }: State): Result {
  if (result === null) throw new Error("nothing is shown yet");
  return result;
}
