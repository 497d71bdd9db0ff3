// The trainings of this visit, each with what it came to. They last as long as the page is open.

import { metricOf } from "../engine/heads.ts";
import type { Metric } from "../spec/losses.ts";
import type { Score } from "../engine/stepper.ts";
import { sayDifferences } from "../studies/differences.ts";
import type { SetUp } from "../studies/set_up.ts";
import type { Ending } from "../worker/messages.ts";
import { isPlain, setUp } from "./provenance.ts";
import { resultNow, type State } from "./state.ts";

/** Trainings that are kept; of more, the oldest go. */
export const MOST_TRIED = 200;

export interface TriedRun {
  /** Of this visit, the first being 1. */
  readonly number: number;
  /** By which the state knows it. */
  readonly training: number;
  /** What it began with. */
  readonly setUp: SetUp;
  readonly seed: string;
  /** Whether set-up and seed alone give it: nothing was changed on its way. */
  readonly isPlain: boolean;
  readonly epochs: number;
  readonly updates: number;
  readonly metric: Metric;
  readonly train: Score;
  readonly test: Score;
  /** Null if it could go on. */
  readonly ending: Ending | null;
}

/** The run that the others' differences are told from: the one before each, the first, or the set-up that is kept as A. */
export type Reference = "before" | "first" | "kept";

export interface Tried {
  readonly runs: readonly TriedRun[];
  /** So many there were, those that had to go included. */
  readonly count: number;
  readonly reference: Reference;
}

export const NONE_TRIED: Tried = { runs: [], count: 0, reference: "before" };

export type TriedAction = { readonly kind: "tell_differences"; readonly from: Reference };

export function updateTried(state: State, { from }: TriedAction): State {
  return { ...state, tried: { ...state.tried, reference: from } };
}

/** The state with what its training has come to, where a result has said so. */
export function withTried(before: State, state: State): State {
  const result = resultNow(state);
  if (result === null || state.result === before.result) return state;
  // Who looks back sees earlier scores, and scores that cost much come later.
  if (result.step === 0 || result.shownStep !== result.step || result.scoredStep !== result.step) return state;
  const { runs, count } = state.tried;
  const at = runs.findIndex(({ training }) => training === state.training);
  const run: TriedRun = {
    number: at < 0 ? count + 1 : runs[at].number,
    training: state.training,
    setUp: { experiment: setUp(state), samples: state.ownPoints.set?.samples ?? null },
    seed: state.seed,
    isPlain: isPlain(state),
    epochs: result.epoch,
    updates: result.step,
    metric: metricOf(state.experiment),
    train: result.scores.train,
    test: result.scores.test,
    ending: result.ending,
  };
  if (at >= 0) return { ...state, tried: { ...state.tried, runs: runs.with(at, run) } };
  return { ...state, tried: { ...state.tried, runs: [...runs, run].slice(-MOST_TRIED), count: count + 1 } };
}

/** What differs in a run from the one that it is told from; empty if nothing but the seed. */
export function sayTried({ tried: { runs, reference }, studies: { kept } }: Pick<State, "tried" | "studies">, i: number): string {
  const from = reference === "kept" ? kept : (reference === "first" ? runs[0] : runs[Math.max(0, i - 1)]).setUp;
  return from === null ? "" : sayDifferences(from, runs[i].setUp);
}

/** What became of a run, in words. */
export function sayEnding({ ending }: TriedRun): string {
  return ending === "stop rule" ? "ended" : (ending ?? "not ended");
}
