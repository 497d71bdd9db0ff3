// Many runs, by as many workers as the machine has cores. They begin when there is work, and end with it.

import type { Dispatch } from "../state/actions.ts";
import type { Study } from "../studies/study.ts";
import type { FromWorker, TrainBlock } from "./messages.ts";
import { blockSize } from "./population.ts";
import type { spawn } from "./spawn.ts";

/** Train all parts of a study, one after the other; returns a function that stops it at once. */
export function trainStudy(
  start: typeof spawn,
  cores: number,
  { number, parts }: Study,
  dispatch: Dispatch,
): () => void {
  const blocks: TrainBlock[] = parts.flatMap(({ setUp, seeds }, part) => {
    const size = blockSize(setUp);
    const begins = seeds.map((_, i) => i).filter((i) => i % size === 0);
    return begins.map((i) => ({ kind: "train_block", part, setUp, seeds: seeds.slice(i, i + size) }));
  });
  const working = new Map<Worker, TrainBlock>();
  const stop = () => {
    for (const worker of working.keys()) worker.terminate();
    working.clear();
  };
  const fail = (sentence: string) => {
    stop();
    dispatch({ kind: "study_failed", number, sentence });
  };
  const giveWork = (worker: Worker) => {
    const block = blocks.shift();
    if (block !== undefined) {
      working.set(worker, block);
      worker.postMessage(block);
    } else if (working.delete(worker)) worker.terminate();
  };
  const count = Math.min(cores, blocks.length);
  for (let i = 0; i < count; i++) {
    const worker = start((message: FromWorker) => {
      if (message.kind === "failed") fail(message.sentence);
      if (message.kind !== "block_trained") return;
      const { part, runs } = message;
      dispatch({ kind: "runs_trained", number, part, runs });
      const block = working.get(worker);
      // Of an answer that comes twice, the second is not to what the worker does now.
      if (block?.part === part && block.seeds[0] === runs[0].seed) giveWork(worker);
    }, fail);
    giveWork(worker);
  }
  return stop;
}
