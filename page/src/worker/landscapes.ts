// The worker that computes landscapes: it begins with the first, and is ended where another is wanted before it is done.

import type { Dispatch } from "../state/actions.ts";
import type { LandscapeWanted } from "./messages.ts";
import type { spawn } from "./spawn.ts";

/** Returns a function that lets a landscape be computed, in the place of the one under way; null stops that one. */
export function makeLandscapes(start: typeof spawn, dispatch: Dispatch): (wanted: LandscapeWanted | null) => void {
  let worker: Worker | null = null;
  let underWay: number | null = null;

  function end(): void {
    worker?.terminate();
    [worker, underWay] = [null, null];
  }

  function fail(sentence: string): void {
    const number = underWay;
    end();
    if (number !== null) dispatch({ kind: "landscape", act: { kind: "failed", number, sentence } });
  }

  function begin(): Worker {
    return start((message) => {
      if (message.kind === "failed") fail(message.sentence);
      if (message.kind !== "landscape_found") return;
      if (message.isDone && message.number === underWay) underWay = null;
      dispatch({ kind: "landscape", act: { kind: "found", found: message } });
    }, fail);
  }

  return (wanted) => {
    if ((wanted?.number ?? null) === underWay) return;
    if (underWay !== null) end();
    if (wanted === null) return;
    worker ??= begin();
    underWay = wanted.number;
    worker.postMessage(wanted);
  };
}
