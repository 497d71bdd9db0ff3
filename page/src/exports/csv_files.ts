// The samples and the learning curves as CSV files.

import type { Sample } from "../data/splits.ts";
import { PENALTIES, SCORES } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";
import type { ExportedNetwork } from "./network.ts";

/** What files that belong together call it. */
export const POINTS_FILE = "points.csv";

/** What a column of targets is called. */
export const TARGET = "y";

/** Write a row for each sample, as `mlplab train` and an exported program read them; targets have a column y. */
export function pointsFile(samples: readonly Sample[], answer: "label" | typeof TARGET = "label"): string {
  const rows = samples.map(({ x1, x2, label, split }) => [floatText(x1), floatText(x2), field(label), split]);
  return csv([["x1", "x2", answer, "split"], ...rows]);
}

/** A text that the file's own signs would break is put in quotation marks. */
export function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const PENALISED = ["train_loss_with_penalty", "validation_loss_with_penalty"];

/** Write a row for each epoch; where there is a regularizer, with the losses with penalty in columns of their own. */
export function curvesFile({ history, penalties, epoch, metric }: ExportedNetwork): string {
  const isPenalised = penalties.length > 0;
  const rows = Array.from({ length: epoch }, (_, i) => {
    const scores = history.subarray(i * SCORES, (i + 1) * SCORES);
    const sums = Array.from(penalties.subarray(i * PENALTIES, (i + 1) * PENALTIES), (each, j) => scores[2 * j] + each);
    return [String(i + 1), ...Array.from([...scores, ...sums], floatText)];
  });
  const heading = ["epoch", "train_loss", `train_${metric}`, "validation_loss", `validation_${metric}`];
  return csv([isPenalised ? [...heading, ...PENALISED] : heading, ...rows]);
}

/** Lines of a file, from texts that `field` has made safe. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join(",")}\n`).join("");
}
