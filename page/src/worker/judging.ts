// The worker that judges studies: it begins when there is one to judge, and ends with the last.

import type { Dispatch } from "../state/actions.ts";
import type { unjudged } from "../state/studies.ts";
import type { Judgement } from "../studies/judgement.ts";
import type { spawn } from "./spawn.ts";

/** Returns a function that lets studies be judged, each once. */
export function makeJudging(start: typeof spawn, dispatch: Dispatch): (studies: ReturnType<typeof unjudged>) => void {
  let worker: Worker | null = null;
  const underWay = new Set<number>();

  function take(number: number, judgement: Judgement): void {
    if (!underWay.has(number)) return;
    dispatch({ kind: "study_judged", number, judgement });
    underWay.delete(number);
    if (underWay.size > 0) return;
    worker?.terminate();
    worker = null;
  }

  function fail(sentence: string): void {
    for (const number of underWay) take(number, { kind: "failed", sentence });
  }

  function begin(): Worker {
    return start((message) => {
      if (message.kind === "failed") fail(message.sentence);
      if (message.kind === "study_judged") take(message.number, message.judgement);
    }, fail);
  }

  return (studies) => {
    for (const { kind, study } of studies) {
      const { number, parts } = study;
      if (underWay.has(number)) continue;
      underWay.add(number);
      worker ??= begin();
      worker.postMessage({ kind: "judge_study", number, study: kind, parts });
    }
  };
}
