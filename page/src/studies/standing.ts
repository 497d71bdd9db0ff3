// Where the run that is shown stands among a hundred, if it was trained as they were; else the reason why nothing
// is said.

import { metricOf } from "../engine/heads.ts";
import { isLowBetter } from "../spec/losses.ts";
import { changes, isPlain } from "../state/provenance.ts";
import { type State, resultNow } from "../state/state.ts";
import { presentSetUp } from "../state/studies.ts";
import { areEqual, metricsOf, placeOf, type Place } from "../statistics/summary.ts";
import type { Result } from "../worker/messages.ts";
import { sayDifferences } from "./differences.ts";
import { areSame } from "./set_up.ts";
import { isComplete, type Study } from "./study.ts";

interface Standing {
  readonly place: Place | null;
  readonly sentence: string;
}

export function standingOf(state: State, hundred: Study): Standing {
  const reason = reasonForNone(state, hundred);
  if (reason !== null) return { place: null, sentence: reason };
  const others = metricsOf(hundred.parts[0].runs);
  const metric = metricOf(state.experiment);
  const place = placeOf(state.result?.scores.test.metric ?? NaN, others, isLowBetter(metric));
  if (place === null) return { place, sentence: "All of the hundred diverged, this run did not." };
  const all = hundred.parts[0].seeds.length;
  const of = others.length === all ? String(all) : `the ${others.length} that did not diverge`;
  const equal = place.equal === 0 ? "" : ` and equal to ${place.equal}`;
  const percentile = Number(place.percentile.toFixed(1));
  const sentence = `This run is better than ${place.below} of ${of}${equal}: percentile ${percentile}, ${place.luck}.`;
  return { place, sentence };
}

/** Why this run is not compared with the hundred; null where it was trained as they were. */
function reasonForNone(state: State, hundred: Study): string | null {
  const { seed, stopRule } = state;
  const result = resultNow(state);
  const [{ setUp, seeds, runs }] = hundred.parts;
  if (!areSame(setUp, presentSetUp(state)))
    return `The set-up is another one than the hundred's (${sayDifferences(setUp, presentSetUp(state))}): this run is not compared.`;
  if (!isPlain(state)) {
    const times = changes(state).length;
    return `This run was changed on its way (${times} ${times === 1 ? "change" : "changes"}), the hundred were not: it is not compared.`;
  }
  if (seeds.includes(seed)) return "This run is one of the hundred: it is not compared with itself.";
  if (!isComplete(hundred))
    return state.studies.running === "hundred"
      ? "This run is compared when all are trained."
      : `Stopped after ${runs.length} of ${seeds.length}: without all of them, this run is not compared.`;
  if (result === null || result.scoredStep !== result.shownStep)
    return "This run's scores are not there yet.";
  const { epochs } = setUp.experiment.training;
  if (result.ending === "stop rule" && stopRule !== "epochs")
    return `The hundred were trained for ${epochs} epochs, this run was ended by another stop rule: it is not compared.`;
  if (result.shownEpoch > epochs)
    return `The hundred were trained for ${epochs} epochs, this run for more: it is not compared.`;
  if ((result.ending === "diverged" && state.lookAt === null) || hasDiverged(result)) {
    const diverged = runs.filter(({ ending }) => ending === "diverged").length;
    return `This run diverged. So did ${diverged} of the hundred.`;
  }
  if (result.shownEpoch < epochs && (result.ending !== "stopped early" || state.lookAt !== null)) {
    const doPlay = state.playing || state.lookAt !== null ? "" : "press Play, and ";
    return `The hundred were trained for ${epochs} epochs: ${doPlay}this run is compared when it has as many.`;
  }
  return state.from === null ? null : reasonNotToTrust(state, hundred, result);
}

/** Whether the network that is shown counts as diverged, as a run of the hundred does: `howItEnded`. */
function hasDiverged({ scores, layers }: Result): boolean {
  const areFinite = layers.every(({ weights, biases }) => [weights, biases].every((each) => each.every(Number.isFinite)));
  return !areFinite || !Number.isFinite(scores.train.loss);
}

/** Saved numbers, which come with a link or a file, may be others than set-up and seed give: the run is trained again to see. */
function reasonNotToTrust({ seed }: State, { parts }: Study, { scores }: Result): string | null {
  const again = parts.find(({ isCheck }) => isCheck === true)?.runs.find((run) => run.seed === seed);
  if (again === undefined)
    return "This run goes on from saved numbers: train a hundred again, and it is trained along, to be compared.";
  if (areEqual(again.metric, scores.test.metric)) return null;
  return "This run is not what its set-up and seed give when they are trained again: it is not compared.";
}
