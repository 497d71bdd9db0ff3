// Which of two set-ups is better, in words.

import { hasTargets } from "../engine/experiment.ts";
import { clauses, compare, headline } from "../statistics/comparison.ts";
import type { Run } from "../statistics/summary.ts";
import { haveSameTask } from "./set_up.ts";
import { isComplete, type Study } from "./study.ts";

interface ComparisonVerdict {
  readonly head: string;
  /** What it rests on. */
  readonly clauses: readonly string[];
}

/** The verdict on B, the second part, against A; null before all are trained. */
export function verdictOf(comparison: Study): ComparisonVerdict | null {
  if (!isComplete(comparison)) return null;
  const [a, b] = comparison.parts;
  if (!haveSameTask(a.setUp, b.setUp)) {
    const why = "their scores would say which data are easier, not which network is better";
    return { head: `No verdict: A and B learn other data, and ${why}`, clauses: [] };
  }
  if (hasTargets(a.setUp.experiment.dataset)) {
    const why = "how large a difference matters depends on the target; mlplab compare takes a margin";
    return { head: `No verdict of a target: ${why}`, clauses: [] };
  }
  const accuracies = (runs: readonly Run[]) => runs.map(({ ending, metric }) => (ending === "diverged" ? NaN : metric));
  const found = compare(accuracies(b.runs), accuracies(a.runs), a.setUp.samples !== null);
  return { head: headline(found, "B", "A"), clauses: clauses(found, "B", "A") };
}
