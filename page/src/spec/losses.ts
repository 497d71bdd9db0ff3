// Losses: of samples with classes or with targets, each with what its head is like; as Python's spec has them.
//
// Workers need this and no more of the table: the names that are imported are all that their bundle carries.

import { losses, metric_monitors } from "./spec.json";

/** By what networks are judged: the fraction of samples that is right, or how near they come to targets. */
export type Metric = "accuracy" | "r2" | "mean_absolute_error";

export interface Loss {
  readonly metric: Metric;
  readonly smooths_labels: boolean;
  /** Whether two classes have one output together. */
  readonly has_one_output: boolean;
}

const LOSSES = losses as Readonly<Record<"classes" | "targets", Readonly<Record<string, Loss>>>>;

/** The losses of samples with targets, or of those with classes, by their names. */
export function lossesOf(ofTargets: boolean): Readonly<Record<string, Loss>> {
  return LOSSES[ofTargets ? "targets" : "classes"];
}

/** Whether a loss is of two classes only, which have one output together. */
export function isOfTwoClasses(loss: string): boolean {
  return LOSSES.classes[loss]?.has_one_output ?? false;
}

/** Whether a loss smooths labels. */
export function smoothsLabels(loss: string): boolean {
  return LOSSES.classes[loss]?.smooths_labels ?? false;
}

/** Whether a rule that looks at this looks at the metric, and not at a loss. */
export function looksAtMetric(monitor: string): boolean {
  return metric_monitors.includes(monitor);
}

/** Whether a smaller metric is a better one. */
export function isLowBetter(metric: Metric): boolean {
  return metric === "mean_absolute_error";
}
