// How a network came about: its seed, and what was changed on the way, which no seed says.

import type { Layer } from "../engine/layout.ts";
import { grouped } from "../text/numbers.ts";
import texts from "./program_texts.json";

/** A network as it was after some updates. */
export interface TrainedNetwork {
  /** Updates made. */
  readonly step: number;
  /** Whole epochs done. */
  readonly epoch: number;
  readonly layers: readonly Layer[];
}

/** What a user changed in a training under way, in words. */
export interface Change {
  /** How many updates had been made. */
  readonly update: number;
  /** What was changed, such as `learning rate`. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

export interface Provenance {
  /** Of the data, the initial weights and the order of samples; as text, since it may exceed 2^53. */
  readonly seed: string;
  /** Of the settings. */
  readonly changes: readonly Change[];
  /** Numbers that were put in the place of weights and biases. */
  readonly byHand: readonly Change[];
}

/** Whether the seed and the experiment alone make the same network again. */
export function isFromSeedAlone({ changes, byHand }: Provenance): boolean {
  return changes.length === 0 && byHand.length === 0;
}

/** The lines of a program that say how its weights came about. */
export function originOf({ step, epoch }: TrainedNetwork, provenance: Provenance): string {
  const { seed, changes, byHand } = provenance;
  const done = `${grouped(step)} updates, ${grouped(epoch)} whole epochs.`;
  if (isFromSeedAlone(provenance)) return `Trained in the mlplab playground from seed ${seed}: ${done}`;
  const entries = [
    ...changes.map((change) => ({ ...change, how: "" })),
    ...byHand.map((change) => ({ ...change, how: ", by hand" })),
  ].sort((first, second) => first.update - second.update);
  const lines = entries.map(
    ({ update, how, what, from, to }) =>
      `- after ${grouped(update)} updates${how}: ${plain(what)}, from ${plain(from)} to ${plain(to)}`,
  );
  return [`Made in the mlplab playground, begun with seed ${seed}: ${done}`, texts.changed, ...lines].join(
    "\n",
  );
}

/** Write a text so that it can stand in a program's docstring: on one line, and closing nothing. */
function plain(text: string): string {
  const printable = text.replace(/[\p{C}\p{Z}]/gu, " ");
  return printable.replace(/ +/g, " ").trim().replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
