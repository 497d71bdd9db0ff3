// Which of two set-ups is better, in words.

import { hasTargets } from "../engine/experiment.ts";
import { clauses, compare, type Comparison, headline } from "../statistics/comparison.ts";
import type { Run } from "../statistics/summary.ts";
import { haveSameTask } from "./set_up.ts";
import { isTrained, type Part, type Study } from "./study.ts";

interface ComparisonVerdict {
  readonly head: string;
  /** What it rests on. */
  readonly clauses: readonly string[];
}

/** B, the second part, against A; null where there is no verdict on them. */
export function compareParts(parts: readonly Part[]): Comparison | null {
  if (whyNoVerdict(parts) !== null) return null;
  const [a, b] = parts;
  const accuracies = (runs: readonly Run[]) => runs.map(({ ending, metric }) => (ending === "diverged" ? NaN : metric));
  return compare(accuracies(b.runs), accuracies(a.runs), a.setUp.samples !== null);
}

/** The verdict on B, the second part, against A; a reason where there is none; null before it is judged. */
export function verdictOf({ parts, judgement }: Study): ComparisonVerdict | null {
  const why = judgement?.kind === "failed" ? judgement.sentence : whyNoVerdict(parts);
  if (why !== null) return { head: why, clauses: [] };
  const comparison = judgement?.kind === "comparison" ? judgement.comparison : null;
  if (comparison === null) return null;
  return { head: `${headline(comparison, "B", "A")}.`, clauses: clauses(comparison, "B", "A") };
}

/** Why nothing is said of two set-ups, in a sentence; null where something is. */
function whyNoVerdict(parts: readonly Part[]): string | null {
  const [a, b] = parts;
  if (!parts.every(isTrained)) return "Not all runs are trained: no verdict.";
  if (!haveSameTask(a.setUp, b.setUp)) {
    const why = "their scores would say which data are easier, not which network is better";
    return `No verdict: A and B learn other data, and ${why}.`;
  }
  if (!hasTargets(a.setUp.experiment.dataset)) return null;
  return "No verdict of a target: how large a difference matters depends on the target; mlplab compare takes a margin.";
}
