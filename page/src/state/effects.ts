// What the state asks of the workers: the network that is wanted, and the study that is under way.

import type { FromWorker } from "../worker/messages.ts";
import { makeJudging } from "../worker/judging.ts";
import { makeLandscapes } from "../worker/landscapes.ts";
import { trainStudy } from "../worker/pool.ts";
import { spawn } from "../worker/spawn.ts";
import { landscapeWanted } from "./landscape_update.ts";
import { sessionOf } from "./session.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";
import { runningStudy, unjudged } from "./studies.ts";
import { isWaiting, wantedOf } from "./training.ts";

const cores = Math.max(1, navigator.hardwareConcurrency || 1);

const PATIENCE = 1500; // milliseconds without a word from the worker, after which it is told again what is wanted
const MOST_TELLINGS = 40; // in a row without an answer, after which the worker is taken to have died

/** Let the workers do what the state wants, and the state take what they say. */
export function connect(store: Store): void {
  const onFailure = (sentence: string) => store.dispatch({ kind: "failed", sentence });
  let heardAt = performance.now();
  let unanswered = 0; // tellings, and not time: a computer that wakes has not waited for its worker
  let worker = begin();

  function take(message: FromWorker): void {
    [heardAt, unanswered] = [performance.now(), 0];
    if (message.kind === "started") store.dispatch({ kind: "engine_started", fused: message.fused });
    if (message.kind === "result") store.dispatch({ kind: "result", result: message });
    if (message.kind === "failed") onFailure(message.sentence);
  }

  function begin(): Worker {
    return spawn(take, onFailure);
  }

  const judge = makeJudging(spawn, store.dispatch);
  const computeLandscape = makeLandscapes(spawn, store.dispatch);
  let told = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let trained: { readonly number: number; readonly stop: () => void } | null = null;

  function tell(state: State): void {
    told = state.revision;
    worker.postMessage(wantedOf(state));
  }

  // A message that was lost is said again; nothing runs while nothing is waited for.
  function watch(): void {
    timer = undefined;
    const state = store.get();
    if (!isWaiting(state)) return;
    if (performance.now() - heardAt > PATIENCE) {
      unanswered += 1;
      if (unanswered > MOST_TELLINGS) beginAgain(state);
      else tell(state);
    }
    timer ??= setTimeout(watch, PATIENCE);
  }

  function beginAgain(state: State): void {
    worker.terminate();
    [worker, unanswered] = [begin(), 0];
    store.dispatch({ kind: "open_session", session: sessionOf(state), began: state.lesson.opened });
    const sentence = "The training did not answer for a minute. It was begun again where it was last seen.";
    store.dispatch({ kind: "complain", sentence });
  }

  function followStudy({ studies }: State): void {
    const running = runningStudy(studies);
    if (running?.number === trained?.number) return;
    trained?.stop();
    if (running === null) trained = null;
    else trained = { number: running.number, stop: trainStudy(spawn, cores, running, store.dispatch) };
  }

  function follow(state: State): void {
    if (state.revision !== told) tell(state);
    if (isWaiting(state)) timer ??= setTimeout(watch, PATIENCE);
    followStudy(state);
    judge(unjudged(state.studies));
    computeLandscape(landscapeWanted(state));
  }

  // Own points would be lost: the browser asks whether to leave.
  window.addEventListener("beforeunload", (event) => {
    if ((store.get().ownPoints.set?.points.length ?? 0) > 0) event.preventDefault();
  });
  store.subscribe(follow);
  follow(store.get());
}
