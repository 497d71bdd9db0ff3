// What the runs of a study say together. It takes thousands of resamplings, so a worker makes it.

import type { Comparison } from "../statistics/comparison.ts";
import type { Estimate } from "../statistics/estimates.ts";
import { typicalMetric } from "../statistics/summary.ts";
import { judgeChanges, type JudgedChange } from "./remedies.ts";
import type { Part } from "./study.ts";
import { compareParts } from "./verdict.ts";

/** The studies that are judged. */
export type JudgedKind = "hundred" | "comparison" | "remedies";

export type Judgement =
  /** The metric of a typical run of each part; null where every run diverged. */
  | { readonly kind: "hundred"; readonly typical: readonly (Estimate | null)[] }
  | {
      readonly kind: "comparison";
      readonly typical: readonly (Estimate | null)[];
      /** B against A; null where there is no verdict on them. */
      readonly comparison: Comparison | null;
    }
  /** What helps most is first. */
  | { readonly kind: "remedies"; readonly changes: readonly JudgedChange[] }
  /** By a fault of ours, in a sentence. */
  | { readonly kind: "failed"; readonly sentence: string };

/** Judge the parts of a study; those of changes have all their runs. */
export function judgeParts(kind: JudgedKind, parts: readonly Part[]): Judgement {
  if (kind === "remedies") return { kind, changes: judgeChanges(parts) };
  const typical = parts.map(({ runs }) => typicalMetric(runs));
  return kind === "hundred" ? { kind, typical } : { kind, typical, comparison: compareParts(parts) };
}
