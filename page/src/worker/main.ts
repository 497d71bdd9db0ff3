// A worker's loop: messages in, results out. One looks after the network that is shown; others train blocks.

import contents from "../../../src/mlplab/wasm/built/engine.json";
import { Engine, type Contents } from "../engine/engine.ts";
import { chosenSplit } from "../engine/finite.ts";
import { judgeParts } from "../studies/judgement.ts";
import { computeLandscape } from "./landscape.ts";
import type { CompressedModules, FromWorker, Result, ToWorker } from "./messages.ts";
import { trainSeeds } from "./population.ts";
import { makeTrainer, type Next } from "./trainer.ts";

const PAUSE = 8; // milliseconds until it is looked again whether the speed grants an update

const post = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

let engine: Engine | null = null;
let whyNone: string | null = null; // why there is no engine
let trainer: ReturnType<typeof makeTrainer> | null = null;
const waiting: ToWorker[] = []; // what came before the engine was there

// A message to oneself comes after those that have come already, and without the delay of a timer.
const channel = new MessageChannel();
let isScheduled = false;
channel.port1.onmessage = turn;

function schedule(next: Next): void {
  if (next === "when asked" || isScheduled) return;
  isScheduled = true;
  if (next === "at once") channel.port2.postMessage(null);
  else setTimeout(turn, PAUSE);
}

function turn(): void {
  isScheduled = false;
  if (trainer !== null) schedule(trainer.turn());
}

function sendResult(result: Result): void {
  post(result, [result.regions.numbers.buffer, result.responses.numbers.buffer] as Transferable[]);
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === "start") void start(data.modules);
  else if (whyNone !== null) post({ kind: "failed", sentence: whyNone });
  else if (engine === null) waiting.push(data);
  else take(engine, data);
};

async function start({ fused, exact }: CompressedModules): Promise<void> {
  try {
    const modules = { fused: () => decompressed(fused), exact: () => decompressed(exact) };
    engine = await Engine.start(contents as unknown as Contents, modules);
  } catch (error) {
    whyNone = (error as Error).message;
    post({ kind: "failed", sentence: whyNone });
    return;
  }
  post({ kind: "started", fused: engine.fused });
  for (const message of waiting.splice(0)) take(engine, message);
}

function decompressed(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (!("DecompressionStream" in self))
    throw new Error("This browser cannot decompress the engine, for want of DecompressionStream: any of 2023 or later can.");
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

function take(ready: Engine, message: ToWorker): void {
  if (message.kind === "train_block") {
    post({ kind: "block_trained", part: message.part, runs: trainSeeds(ready, message.setUp, message.seeds) });
  } else if (message.kind === "judge_study") {
    const { number, study, parts } = message;
    post({ kind: "study_judged", number, judgement: judgeParts(study, parts) });
  } else if (message.kind === "split_points") {
    const { dataset, y, classes, seed } = message;
    post({ kind: "points_split", split: chosenSplit(ready, dataset, y, classes, seed) });
  } else if (message.kind === "landscape_wanted") {
    computeLandscape(ready, message, post);
  } else if (message.kind === "wanted") {
    trainer ??= makeTrainer(ready, sendResult, () => performance.now());
    trainer.take(message);
    schedule("at once");
  }
}
