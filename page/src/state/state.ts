// All that the page knows. It changes only in `update`.

import type { Experiment } from "../engine/experiment.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { Act, PlanePoints, Result } from "../worker/messages.ts";
import { type Form, type Mistake, NEW_FORM } from "./form.ts";
import { NO_LANDSCAPE, type LandscapeState } from "./landscape.ts";
import { type LessonState, NO_LESSON } from "./lesson.ts";
import { type HelpState, NO_HELP } from "./help.ts";
import { NO_LINE, type LineState } from "./line.ts";
import { noOwnPoints, type OwnPoints } from "./point_set.ts";
import { FIRST, type Preset } from "./presets.ts";
import type { Change } from "./provenance.ts";
import { DEFAULT_SPEED, type Speed } from "./speeds.ts";
import { NO_STEP, type StepState } from "./step.ts";
import type { StopRule } from "./stopping.ts";
import { NO_STUDIES, type Studies } from "./studies.ts";
import { NONE_TRIED, type Tried } from "./tried.ts";

export type ShownSplits = "train" | "test" | "all";
export type Tab = "answers" | "step" | "why" | "hidden" | "weights" | "loss" | "runs" | "provenance" | "line";
/** What is as large as it can be: plane and network, for those in the last row, or the details. */
export type Enlarged = "plane" | "details" | null;
export type Theme = "light" | "dark";

export interface State {
  /** The experiment as it is now, what was changed in flight included. */
  readonly experiment: Experiment;
  readonly seed: string;
  readonly stopRule: StopRule;
  readonly form: Form;
  /** What was entered as a seed and is none. */
  readonly wrongSeed: Mistake | null;
  readonly speed: Speed;
  /** Trainings are counted: everything that begins anew has the next number. */
  readonly training: number;
  /** Raised by every change of what is wanted of the worker. */
  readonly revision: number;
  /** The revision that the worker failed at; nothing is expected of it until there is another. */
  readonly failedAt: number | null;
  /** The experiment as this training began. */
  readonly began: Experiment;
  /** Where this training begins, if not at the first update. */
  readonly from: Snapshot | null;
  /** The training that `from` was taken of, whose snapshots up to there are kept. */
  readonly branchOf: number | null;
  /** The update that this training begins at; without `from`, the worker trains up to there first. */
  readonly beginAt: number;
  /** In their order. */
  readonly acts: readonly Act[];
  /** What was changed before this training began, where it goes on from another one. */
  readonly earlier: readonly Change[];
  readonly playing: boolean;
  /** Update to look back to; null for now. */
  readonly lookAt: number | null;
  /** The last result of this training. Until there is one, the one before is shown. */
  readonly result: Result | null;
  readonly points: PlanePoints | null;
  readonly ownPoints: OwnPoints;
  /** Of task 3. */
  readonly line: LineState;
  readonly landscape: LandscapeState;
  /** Of the next update, step by step. */
  readonly step: StepState;
  readonly studies: Studies;
  /** The trainings of this visit. */
  readonly tried: Tried;
  readonly lesson: LessonState;
  /** Sessions opened by acts in the page: the browser's history has an entry for each. */
  readonly historyEntries: number;
  /** Whether the fast module runs; null until it is known. */
  readonly fused: boolean | null;
  readonly shownSplits: ShownSplits;
  readonly showsLinearRegions: boolean;
  readonly tab: Tab;
  /** Hidden layer that is looked into, the first being 1. */
  readonly hiddenLayer: number;
  readonly theme: Theme;
  /** Whether plane and network are as large as they can be, for those in the last row. */
  readonly enlarged: Enlarged;
  /** Whether keys work that no control has the focus for. */
  readonly keysOn: boolean;
  readonly help: HelpState;
  /** A sentence about the last act; null if there is nothing to say. */
  readonly message: string | null;
  /** What is wrong with something that was to be opened; it stays until it is closed. */
  readonly complaint: string | null;
}

/** The last result, if it is of the training under way. */
export function resultNow({ result, training }: State): Result | null {
  return result?.training === training ? result : null;
}

/** What a page begins with. */
export function initialState(theme: Theme, preset: Preset = FIRST): State {
  return {
    experiment: preset.experiment,
    seed: "0",
    stopRule: "epochs",
    form: NEW_FORM,
    wrongSeed: null,
    speed: DEFAULT_SPEED,
    training: 1,
    revision: 1,
    failedAt: null,
    began: preset.experiment,
    from: null,
    branchOf: null,
    beginAt: 0,
    acts: [],
    earlier: [],
    playing: false,
    lookAt: null,
    result: null,
    points: null,
    ownPoints: noOwnPoints(preset.experiment.dataset),
    line: NO_LINE,
    landscape: NO_LANDSCAPE,
    step: NO_STEP,
    studies: NO_STUDIES,
    tried: NONE_TRIED,
    lesson: NO_LESSON,
    historyEntries: 0,
    fused: null,
    shownSplits: "train",
    showsLinearRegions: false,
    tab: "answers",
    hiddenLayer: 1,
    theme,
    enlarged: null,
    keysOn: true,
    help: NO_HELP,
    message: null,
    complaint: null,
  };
}
