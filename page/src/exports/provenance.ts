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

/** The lines of a program's docstring that say how its weights came about. */
export function originOf({ step, epoch }: TrainedNetwork, provenance: Provenance): string {
  const { seed } = provenance;
  const done = `${grouped(step)} updates, ${grouped(epoch)} whole epochs.`;
  if (isFromSeedAlone(provenance)) return `Trained in the mlplab playground from seed ${seed}: ${done}`;
  const begun = `Made in the mlplab playground, begun with seed ${seed}: ${done}`;
  // What was changed is the page's and the user's text: it must not end the docstring.
  const changes = changeLines(provenance).map((line) => line.replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return [begun, texts.changed, ...changes, ""].join("\n");
}

/** Lines of comment for the head of `experiment.toml`: the seed, and what such a file cannot say. */
export function experimentNotes(provenance: Provenance): string {
  const lines = [`From seed ${provenance.seed}: mlplab train experiment.toml --seed ${provenance.seed}`];
  if (!isFromSeedAlone(provenance)) {
    lines.push("That trains another network than the playground's, which was changed on the way:");
    lines.push(...changeLines(provenance));
  }
  return lines.map((line) => `# ${line}\n`).join("");
}

/** What was changed, in the order of updates, each on one line. */
function changeLines({ changes, byHand }: Provenance): string[] {
  return [
    ...changes.map((change) => ({ ...change, how: "" })),
    ...byHand.map((change) => ({ ...change, how: ", by hand" })),
  ]
    .sort((first, second) => first.update - second.update)
    .map(({ update, how, what, from, to }) => {
      const [name, before, after] = [what, from, to].map(onOneLine);
      return `- after ${grouped(update)} updates${how}: ${name}, from ${before} to ${after}`;
    });
}

function onOneLine(text: string): string {
  const printable = text.replace(/[\p{C}\p{Z}]/gu, " ");
  return printable.replace(/ +/g, " ").trim();
}
