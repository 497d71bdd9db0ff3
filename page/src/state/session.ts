// A session: all that it takes to have a training again as it is, in this page or in another one.

import type { Experiment } from "../engine/experiment.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { Answer, Lesson } from "../lessons/lesson.ts";
import { NEW_FORM } from "./form.ts";
import { lessonNow, openedLesson } from "./lesson.ts";
import { type PointSet, replaced } from "./point_set.ts";
import { type Change, changesUpTo, setUpOf } from "./provenance.ts";
import { DEFAULT_SPEED, type Speed } from "./speeds.ts";
import { type State, resultNow } from "./state.ts";
import type { StopRule } from "./stopping.ts";
import { begin, isCatchingUp } from "./training.ts";

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
  /** What is to be learnt from it; null if it is no lesson. */
  readonly lesson: Lesson | null;
  /** One to each question of the lesson. */
  readonly answers: readonly Answer[];
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
    lesson: null,
    answers: [],
  };
}

/** The session of what is shown: where one looks back, it goes on from there. */
export function sessionOf(state: State): Session {
  const { seed, stopRule, speed } = state;
  const result = isCatchingUp(state) ? null : resultNow(state);
  const step = result?.shownStep ?? state.beginAt;
  const changes = changesUpTo(state, step);
  return {
    experiment: setUpOf(state.experiment, changes),
    seed,
    stopRule,
    speed,
    step,
    changes,
    snapshot: result === null ? state.from : result.snapshot,
    points: state.ownPoints.set,
    ...lessonNow(state),
  };
}

/**
 * The state with a session in the place of what there was; own points that go can come back.
 *
 * Its lesson began as `began`, if it was gone on with since.
 */
export function openSession(state: State, session: Session, began: Session | null = null): State {
  const { seed, stopRule, speed, step, changes, snapshot, points } = session;
  const ownPoints = points === null ? state.ownPoints : replaced(state, points);
  const begun = begin({ ...state, ownPoints }, experimentNow(session), snapshot);
  const opened = { beginAt: step, earlier: changes, branchOf: null, playing: false, complaint: null };
  const shownSplits = points === null ? state.shownSplits : "all"; // who edits points must see them all
  const tab = session.lesson?.tab ?? state.tab;
  const lesson = openedLesson(session, began ?? session);
  return { ...begun, shownSplits, tab, form: NEW_FORM, wrongSeed: null, seed, stopRule, speed, lesson, ...opened };
}

/** The experiment at a session's end, with what was changed in flight. */
function experimentNow({ experiment, changes }: Session): Experiment {
  const last = changes.findLast((change) => change.kind === "training");
  return last === undefined ? experiment : { ...experiment, training: last.after };
}
