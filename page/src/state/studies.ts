// The studies of many runs: the last of each kind, of which one at most is under way.

import type { Run } from "../statistics/summary.ts";
import { changesOf, isAffordable, seedsOfChanges } from "../studies/changes.ts";
import type { JudgedKind, Judgement } from "../studies/judgement.ts";
import { hyperparameters, type Hyperparameter } from "../studies/hyperparameters.ts";
import { areSame, canBeSetUp, type SetUp, whyTooLong } from "../studies/set_up.ts";
import { type AccuracyMap, isComplete, makeMap, partOf, seedsAfter, type Study, withRuns } from "../studies/study.ts";
import { NEW_FORM } from "./form.ts";
import type { State } from "./state.ts";
import { begin } from "./training.ts";

/** Runs of a set-up, and of each of two that are compared. */
const HUNDRED = 100;

/** Runs of a cell of the map. */
export const IN_A_CELL = 16;

export type StudyKind = "hundred" | "comparison" | "map" | "remedies";

const STUDY_NAMES: Readonly<Record<StudyKind, string>> = {
  hundred: "The hundred",
  comparison: "The comparison",
  map: "The map",
  remedies: "What would help",
};

/** What the tab shows: a study, or the trainings of this visit. */
export type ShownRuns = StudyKind | "tried";

export interface Studies {
  /** So many were begun. */
  readonly begun: number;
  readonly running: StudyKind | null;
  /** What is looked at. */
  readonly shown: ShownRuns;
  readonly hundred: Study | null;
  /** The set-up that is called A. */
  readonly kept: SetUp | null;
  /** Of A, the first part, with B. */
  readonly comparison: Study | null;
  readonly map: AccuracyMap | null;
  /** What would help: a set-up, the first part, and single changes of it. */
  readonly remedies: Study | null;
  /** Paths of the numbers that the next map varies, to the right and upwards; where a set-up has them. */
  readonly axes: readonly [string, string];
}

export const NO_STUDIES: Studies = {
  begun: 0,
  running: null,
  shown: "hundred",
  hundred: null,
  kept: null,
  comparison: null,
  map: null,
  remedies: null,
  axes: ["training.batch_size", "training.optimizer.learning_rate"],
};

export type StudiesAction =
  | { readonly kind: "show_study"; readonly study: ShownRuns }
  | { readonly kind: "set_up"; readonly setUp: SetUp; readonly seed: string }
  /** Of the set-up as it is now, if no other one is given. */
  | { readonly kind: "keep_as_a"; readonly setUp?: SetUp }
  | { readonly kind: "choose_axis"; readonly side: 0 | 1; readonly path: string }
  | { readonly kind: "train_study"; readonly study: StudyKind }
  | { readonly kind: "stop_study" }
  | { readonly kind: "runs_trained"; readonly number: number; readonly part: number; readonly runs: readonly Run[] }
  | { readonly kind: "study_failed"; readonly number: number; readonly sentence: string }
  | { readonly kind: "study_judged"; readonly number: number; readonly judgement: Judgement };

export function updateStudies(state: State, action: StudiesAction): State {
  const { studies } = state;
  const put = (changed: Partial<Studies>): State => ({ ...state, studies: { ...studies, ...changed } });
  switch (action.kind) {
    case "show_study":
      return put({ shown: action.study });
    case "set_up":
      return setUp(state, action.setUp, action.seed);
    case "keep_as_a":
      return keep(state, action.setUp ?? presentSetUp(state));
    case "choose_axis": {
      const axes = axesOf(state)?.map(({ path }) => path) ?? studies.axes;
      const other = axes[1 - action.side];
      // Who chooses the other side's number gives that side their own.
      const left = other === action.path ? axes[action.side] : other;
      return put({ axes: action.side === 0 ? [action.path, left] : [left, action.path] });
    }
    case "train_study":
      return beginStudy(state, action.study);
    case "stop_study":
      return put({ running: null });
    case "runs_trained": {
      const study = runningStudy(studies);
      if (studies.running === null || study?.number !== action.number) return state;
      const more = withRuns(study, action.part, action.runs);
      return put({ [studies.running]: more, running: isComplete(more) ? null : studies.running });
    }
    case "study_failed":
      if (runningStudy(studies)?.number !== action.number) return state;
      return { ...put({ running: null }), message: action.sentence };
    case "study_judged": {
      const kind = JUDGED.find((each) => studies[each]?.number === action.number);
      const study = kind === undefined ? null : studies[kind];
      return kind === undefined || study === null ? state : put({ [kind]: { ...study, judgement: action.judgement } });
    }
  }
}

const JUDGED: readonly JudgedKind[] = ["hundred", "comparison", "remedies"];

/** The studies that have come to rest with runs of all parts, and are to be judged. */
export function unjudged(studies: Studies): { readonly kind: JudgedKind; readonly study: Study }[] {
  return JUDGED.flatMap((kind) => {
    const study = studies[kind];
    if (study === null || study.judgement !== null || studies.running === kind) return [];
    const isReady = kind === "remedies" ? isComplete(study) : study.parts.some(({ runs }) => runs.length > 0);
    return isReady ? [{ kind, study }] : [];
  });
}

/** The study that is under way. */
export function runningStudy(studies: Studies): Study | null {
  return studies.running === null ? null : studies[studies.running];
}

/** What is set up now. */
export function presentSetUp({ experiment, ownPoints }: State): SetUp {
  return { experiment, samples: ownPoints.set?.samples ?? null };
}

/** The numbers that the next map varies: those that were chosen, where the set-up has them. */
export function axesOf({ experiment, studies }: State): readonly [Hyperparameter, Hyperparameter] | null {
  const offered = hyperparameters(experiment);
  const [right, upwards] = studies.axes.map(
    (path) => offered.find((each) => each.path === path) ?? offered.find((each) => each.path.startsWith(`${path}.`)),
  );
  const across = right ?? offered.find((each) => each !== upwards);
  const up = upwards !== undefined && upwards !== across ? upwards : offered.find((each) => each !== across);
  return across === undefined || up === undefined ? null : [across, up];
}

/** Begin anew with a set-up of a study and a seed. */
function setUp(state: State, wanted: SetUp, seed: string): State {
  if (!canBeSetUp(wanted, presentSetUp(state)))
    return { ...state, message: "This set-up is of other points than those that are there now." };
  return begin({ ...state, seed, form: NEW_FORM, wrongSeed: null }, wanted.experiment);
}

/** Call the set-up A. A comparison with another A is over. */
function keep(state: State, kept: SetUp): State {
  const { studies } = state;
  if (studies.kept !== null && areSame(studies.kept, kept)) return state;
  const isStopped = studies.running === "comparison";
  const message = isStopped ? "The comparison was stopped: it was with another A." : null;
  const running = isStopped ? null : studies.running;
  return { ...state, message, studies: { ...studies, kept, comparison: null, running } };
}

/** Begin a study in the place of the last one of its kind. Another kind that is under way is stopped. */
function beginStudy(state: State, kind: StudyKind): State {
  const { studies } = state;
  const study = makeStudy(state, kind, studies.begun + 1);
  if (typeof study === "string") return { ...state, message: study };
  const isStopped = studies.running !== null && studies.running !== kind;
  const message = isStopped ? `${STUDY_NAMES[studies.running]} was stopped: one study is trained at a time.` : null;
  return { ...state, message, studies: { ...studies, [kind]: study, running: kind, begun: study.number } };
}

/** A study of the set-up from the seeds after the shown one; why there is none. */
function makeStudy(state: State, kind: StudyKind, number: number): Study | string {
  const now = presentSetUp(state);
  const why = whyTooLong(now);
  if (why !== null) return why;
  const seeds = seedsAfter(state.seed, kind === "map" ? IN_A_CELL : HUNDRED);
  if (kind === "hundred") {
    const check = state.from === null ? [] : [{ ...partOf(now, [state.seed]), isCheck: true }];
    return { number, parts: [partOf(now, seeds), ...check], judgement: null };
  }
  if (kind === "comparison") {
    const { kept } = state.studies;
    if (kept === null) return "There is nothing to compare with: keep a set-up as A first.";
    if (areSame(kept, now)) return "A and this set-up are the same: change something, and compare.";
    return { number, parts: [partOf(kept, seeds), partOf(now, seeds)], judgement: null };
  }
  if (kind === "remedies") {
    const few = seeds.slice(0, seedsOfChanges(now, seeds.length));
    const changed = changesOf(now).filter((each) => whyTooLong(each) === null && isAffordable(each, now, few.length));
    return { number, parts: [now, ...changed].map((each) => partOf(each, few)), judgement: null };
  }
  const axes = axesOf(state);
  if (axes === null) return "This set-up has no two numbers that can be varied.";
  return makeMap(number, now, seeds, ...axes);
}
