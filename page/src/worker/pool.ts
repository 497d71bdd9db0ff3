// Many runs, by as many workers as the machine has cores. They begin when there is work, and end with it.

import { spawn } from "./spawn.ts";
import type { Experiment } from "../engine/experiment.ts";
import type { FromWorker, RunScore } from "./messages.ts";
import { blockSize } from "./population.ts";

export interface Study {
  readonly study: number;
  readonly experiment: Experiment;
  readonly seeds: readonly string[];
}

/** Train all seeds of a study; returns a function that stops it at once. */
export function trainStudy(
  { study, experiment, seeds }: Study,
  onRuns: (study: number, runs: readonly RunScore[]) => void,
  onFailure: (sentence: string) => void,
): () => void {
  const size = blockSize(experiment);
  const blocks = Array.from({ length: Math.ceil(seeds.length / size) }, (_, i) => seeds.slice(i * size, (i + 1) * size));
  const cores = Math.max(1, navigator.hardwareConcurrency || 1);
  const workers = new Set<Worker>();
  const stop = () => {
    for (const worker of workers) worker.terminate();
    workers.clear();
  };
  const giveWork = (worker: Worker) => {
    const block = blocks.shift();
    if (block !== undefined) worker.postMessage({ kind: "train_block", study, experiment, seeds: block });
    else {
      worker.terminate();
      workers.delete(worker);
    }
  };
  const count = Math.min(cores, blocks.length);
  for (let i = 0; i < count; i++) {
    const worker = spawn(
      (message: FromWorker) => {
        if (message.kind === "block_trained") {
          onRuns(message.study, message.runs);
          giveWork(worker);
        } else if (message.kind === "failed") onFailure(message.sentence);
      },
      (sentence) => {
        stop();
        onFailure(sentence);
      },
    );
    workers.add(worker);
    giveWork(worker);
  }
  return stop;
}
