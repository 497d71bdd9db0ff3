// A session: all that it takes to have a training again as it is, in this page or in another one.

import type { Experiment } from "../engine/experiment.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { Sample } from "../exports/points_file.ts";
import { type Change, changesUpTo, setUpOf } from "./provenance.ts";
import { DEFAULT_SPEED, type Speed } from "./speeds.ts";
import type { State } from "./state.ts";
import type { StopRule } from "./stopping.ts";

export interface Session {
  /** The set-up, as the training began at its first update. */
  readonly experiment: Experiment;
  readonly seed: string;
  readonly stopRule: StopRule;
  readonly speed: Speed;
  /** Updates made. */
  readonly step: number;
  readonly changes: readonly Change[];
  /** How far it is. Where there is none, set-up, seed and changes give it again: it is trained anew. */
  readonly snapshot: Snapshot | null;
  /** Own points, where the dataset is of them. */
  readonly points: readonly Sample[] | null;
}

/** The session that begins with an experiment. */
export function newSession(experiment: Experiment): Session {
  return {
    experiment,
    seed: "0",
    stopRule: "epochs",
    speed: DEFAULT_SPEED,
    step: 0,
    changes: [],
    snapshot: null,
    points: null,
  };
}

/** The session of what is shown: where one looks back, it goes on from there. */
export function sessionOf(state: State): Session {
  const { result, seed, stopRule, speed } = state;
  const isThere = result?.training === state.training && !isCatchingUp(state);
  const step = isThere ? result.shownStep : state.beginAt;
  const changes = changesUpTo(state, step);
  return {
    experiment: setUpOf(state.experiment, changes),
    seed,
    stopRule,
    speed,
    step,
    changes,
    snapshot: isThere ? result.snapshot : state.from,
    points: null,
  };
}

/** Whether the worker still trains up to the update that this training is to begin at. */
export function isCatchingUp({ result, training, beginAt }: State): boolean {
  return result?.training === training && result.step < beginAt && result.ending !== "diverged";
}

/** The experiment at a session's end, with what was changed in flight. */
export function experimentNow({ experiment, changes }: Session): Experiment {
  const last = changes.findLast((change) => change.kind === "training");
  return last === undefined ? experiment : { ...experiment, training: last.after };
}

/** What a state has of a session that is opened. */
export function opened({ seed, stopRule, speed, step, changes }: Session) {
  return { seed, stopRule, speed, beginAt: step, earlier: changes, branchOf: null, playing: false };
}
