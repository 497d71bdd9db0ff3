// The samples and the learning curves as CSV files.

import type { Sample } from "../data/splits.ts";
import { PENALTIES, SCORES } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";
import type { ExportedNetwork } from "./network.ts";

/** What files that belong together call it. */
export const POINTS_FILE = "points.csv";

/** Write a row for each sample, as `mlplab train` and an exported program read them. */
export function pointsFile(samples: readonly Sample[]): string {
  const rows = samples.map(({ x1, x2, label, split }) => [floatText(x1), floatText(x2), field(label), split]);
  return csv([["x1", "x2", "label", "split"], ...rows]);
}

/** A text that the file's own signs would break is put in quotation marks. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const HEADING = ["epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy"];

const PENALISED = ["train_loss_with_penalty", "validation_loss_with_penalty"];

/** Write a row for each epoch; where there is a regularizer, with the losses with penalty in columns of their own. */
export function curvesFile({ history, penalties, epoch }: ExportedNetwork): string {
  const isPenalised = penalties.length > 0;
  const rows = Array.from({ length: epoch }, (_, i) => {
    const scores = history.subarray(i * SCORES, (i + 1) * SCORES);
    const sums = Array.from(penalties.subarray(i * PENALTIES, (i + 1) * PENALTIES), (each, j) => scores[2 * j] + each);
    return [String(i + 1), ...Array.from([...scores, ...sums], floatText)];
  });
  return csv([isPenalised ? [...HEADING, ...PENALISED] : HEADING, ...rows]);
}

function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join(",")}\n`).join("");
}
