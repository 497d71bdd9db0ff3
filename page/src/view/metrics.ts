// What networks are judged by, in words, and as numbers in its unit.

import type { Metric } from "../spec/losses.ts";
import { loss, percent } from "./numbers.ts";

interface MetricWords {
  readonly name: string;
  /** Where there is little room. */
  readonly short: string;
  readonly write: (value: number) => string;
}

export const METRICS: Readonly<Record<Metric, MetricWords>> = {
  accuracy: { name: "accuracy", short: "acc.", write: percent },
  r2: { name: "R²", short: "R²", write: signed },
  mean_absolute_error: { name: "mean absolute error", short: "MAE", write: signed },
};

/** A number of four digits after the point, with a real minus sign; of a large size, of fewer digits. */
function signed(value: number): string {
  const size = Math.abs(value);
  const text = size >= 1000 && Number.isFinite(size) ? size.toExponential(1) : loss(size);
  return value < 0 && text !== "–" ? `−${text}` : text;
}
