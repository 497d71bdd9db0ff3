// Why the network that is shown does not learn, as far as the worker has seen it, and when that is worth a mark.

import { type Finding, hasLearned } from "../explain/sentences.ts";
import { isLacking } from "./point_set.ts";
import { type State, resultNow } from "./state.ts";

/** The causes that have evidence, the likeliest first; null while it is not known. */
export function findingsOf(state: State): readonly Finding[] | null {
  return isLacking(state) ? null : (resultNow(state)?.why ?? null);
}

/** Whether the training has ended and something is wrong with it. */
export function isWrong(state: State): boolean {
  const findings = findingsOf(state);
  return findings !== null && resultNow(state)?.ending != null && !hasLearned(findings);
}

/** Why nothing is said; null where something is. */
export function whyNotSaid(state: State): string | null {
  if (findingsOf(state) !== null) return null;
  if (isLacking(state)) return "There is no network of these points yet.";
  if (state.from !== null) return "This training goes on from saved numbers, and how it began was not seen: Reset begins anew.";
  if (state.lookAt !== null) return "You look back: Back to now, and it is said why the network is as it is.";
  if (state.playing) return "When the training ends, or at Pause, it is said here why the network is as it is.";
  return "The training is looked at …";
}
