// The samples as a CSV file, as `mlplab train` and an exported program read them.

import type { SplitName } from "../engine/experiment.ts";
import { floatText } from "../text/numbers.ts";

/** What files that belong together call it. */
export const POINTS_FILE = "points.csv";

export interface Sample {
  readonly x1: number;
  readonly x2: number;
  readonly label: string;
  readonly split: SplitName;
}

/** Write a row for each sample, under a heading. */
export function pointsFile(samples: readonly Sample[]): string {
  const rows = samples.map(({ x1, x2, label, split }) => [floatText(x1), floatText(x2), field(label), split]);
  return [["x1", "x2", "label", "split"], ...rows].map((row) => `${row.join(",")}\n`).join("");
}

/** A text that the file's own signs would break is put in quotation marks. */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
