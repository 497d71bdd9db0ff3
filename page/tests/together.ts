// A page and a worker without a browser, and what becomes of the messages between them.

import assert from "node:assert/strict";

import type { Action } from "../src/state/actions.ts";
import { initialState, type State } from "../src/state/state.ts";
import { update } from "../src/state/update.ts";
import { isWaiting, wantedOf } from "../src/state/training.ts";
import type { Result, Wanted } from "../src/worker/messages.ts";
import { makeTrainer } from "../src/worker/trainer.ts";
import { startEngine } from "./engine_here.ts";

const engine = await startEngine();

export const FASTEST = { title: "fastest", number: Infinity, unit: "epochs" } as const;

/** A page and a worker; `lose` decides what becomes of each message between them. */
export function together(lose: () => "kept" | "lost" | "doubled" | "late" = () => "kept") {
  let state: State = initialState("light");
  let time = 0;
  const toWorker: Wanted[] = [];
  const toPage: Result[] = [];
  const put = <T>(queue: T[], message: T) => {
    const fate = lose();
    if (fate === "lost") return;
    if (fate === "late" && queue.length > 0) queue.splice(queue.length - 1, 0, message);
    else queue.push(message);
    if (fate === "doubled") queue.push(structuredClone(message));
  };
  const trainer = makeTrainer(engine, (result) => put(toPage, structuredClone(result)), () => (time += 1));
  let told = 0;
  const tell = () => {
    if (state.revision === told) return;
    told = state.revision;
    put(toWorker, structuredClone(wantedOf(state)));
  };
  const act = (...actions: Action[]) => {
    for (const action of actions) {
      state = update(state, action);
      tell();
    }
  };
  const pass = () => {
    for (const message of toWorker.splice(0)) trainer.take(message);
    trainer.turn();
    for (const result of toPage.splice(0)) act({ kind: "result", result });
  };
  /** Let both work until the page waits for nothing; what is lost is said again, as effects do. */
  const settle = () => {
    tell();
    for (let turns = 0; isWaiting(state); turns++) {
      assert.ok(turns < 5000, "it does not come to rest");
      if (turns % 20 === 19) put(toWorker, structuredClone(wantedOf(state)));
      pass();
    }
    return state;
  };
  return { act, settle, pass, get state() { return state; } };
}

/** The result that is shown. */
export const shown = ({ result }: State): Result => {
  assert.ok(result !== null);
  return result;
};
