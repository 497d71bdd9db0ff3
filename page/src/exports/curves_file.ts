// The learning curves as a CSV file: a row for each epoch.

import { floatText } from "../text/numbers.ts";
import type { ExportedNetwork } from "./network.ts";

const HEADING = ["epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy"];

export function curvesFile({ history, epoch }: Pick<ExportedNetwork, "history" | "epoch">): string {
  const scores = HEADING.length - 1;
  const rows = Array.from({ length: epoch }, (_, i) => [
    String(i + 1),
    ...Array.from(history.subarray(i * scores, (i + 1) * scores), floatText),
  ]);
  return [HEADING, ...rows].map((row) => `${row.join(",")}\n`).join("");
}
