// Opens a CSV file of own points. Where it names no splits, the seed chooses them, as `mlplab train` does.

import { Refusal } from "../text/refusal.ts";
import { pointsOf, readPoints, type PointsRead } from "../data/reading.ts";
import { type SplitName, SPLITS } from "../engine/experiment.ts";
import { spawn } from "../worker/spawn.ts";
import type { Dispatch } from "./actions.ts";
import { beginOpening } from "./asked.ts";
import { OWN_DATASET } from "./point_set.ts";

/** Read a file and take its points; what is wrong with it is said. */
export async function openPoints(file: File, seed: string, dispatch: Dispatch): Promise<void> {
  const isLast = beginOpening();
  try {
    const read = readPoints(await contentOf(file), file.name);
    const points = pointsOf(read, read.split ?? (await splitBySeed(read, seed)));
    if (isLast()) dispatch({ kind: "own_points", act: { kind: "open", points } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (isLast()) dispatch({ kind: "own_points", act: { kind: "refuse", sentence: error.message } });
  }
}

async function contentOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new Refusal(`${file.name} cannot be read; is it a file?`);
  }
}

function splitBySeed({ y, labelNames }: PointsRead, seed: string): Promise<readonly SplitName[]> {
  return new Promise((resolve, reject) => {
    const fail = (sentence: string) => reject(new Refusal(sentence));
    const worker = spawn((message) => {
      if (message.kind === "started") return;
      worker.terminate();
      if (message.kind === "points_split") resolve(message.split.map((part) => SPLITS[part]));
      else fail(message.kind === "failed" ? message.sentence : "The points could not be split.");
    }, fail);
    worker.postMessage({ kind: "split_points", dataset: OWN_DATASET, y, classes: labelNames.length, seed });
  });
}
