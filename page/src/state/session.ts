// A session: all that it takes to have a training again as it is, in this page or in another one.

import type { Experiment } from "../engine/experiment.ts";
import type { Snapshot } from "../engine/stepper.ts";
import { NEW_FORM } from "./form.ts";
import { type PointSet, replaced } from "./point_set.ts";
import { type Change, changesUpTo, setUpOf } from "./provenance.ts";
import { DEFAULT_SPEED, type Speed } from "./speeds.ts";
import type { State } from "./state.ts";
import type { StopRule } from "./stopping.ts";
import { begin } from "./training.ts";

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
  /** Own points, where the dataset is of them; they may be too few to train on. */
  readonly points: PointSet | null;
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
    points: state.ownPoints.set,
  };
}

/** Whether the worker still trains up to the update that this training is to begin at. */
export function isCatchingUp({ result, training, beginAt }: State): boolean {
  return result?.training === training && result.step < beginAt && result.ending !== "diverged";
}

/** The state with a session in the place of what there was; own points that go can come back. */
export function openSession(state: State, session: Session): State {
  const { seed, stopRule, speed, step, changes, snapshot, points } = session;
  const ownPoints = points === null ? state.ownPoints : replaced(state, points);
  const begun = begin({ ...state, ownPoints }, experimentNow(session), snapshot);
  const opened = { beginAt: step, earlier: changes, branchOf: null, playing: false, complaint: null };
  const shownSplits = points === null ? state.shownSplits : "all"; // who edits points must see them all
  return { ...begun, shownSplits, form: NEW_FORM, wrongSeed: null, seed, stopRule, speed, ...opened };
}

/** The experiment at a session's end, with what was changed in flight. */
function experimentNow({ experiment, changes }: Session): Experiment {
  const last = changes.findLast((change) => change.kind === "training");
  return last === undefined ? experiment : { ...experiment, training: last.after };
}
