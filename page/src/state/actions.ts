// All that can happen to the state.

import type { Experiment } from "../engine/experiment.ts";
import type { NumberPlace, Result } from "../worker/messages.ts";
import type { FormAction } from "./form.ts";
import type { LandscapeAction } from "./landscape.ts";
import type { LessonAction } from "./lesson.ts";
import type { HelpAction } from "./help.ts";
import type { LineAction } from "./line.ts";
import type { OwnPointsAction } from "./own_points.ts";
import type { Session } from "./session.ts";
import type { Speed } from "./speeds.ts";
import type { Enlarged, ShownSplits, Tab, Theme } from "./state.ts";
import type { StepAction } from "./step.ts";
import type { StopRule } from "./stopping.ts";
import type { StudiesAction } from "./studies.ts";
import type { TriedAction } from "./tried.ts";

export type Action =
  // Set up
  | { readonly kind: "choose_preset"; readonly title: string }
  | { readonly kind: "set_experiment"; readonly experiment: Experiment }
  | FormAction
  | { readonly kind: "set_seed"; readonly seed: string }
  | { readonly kind: "next_seed" }
  | { readonly kind: "reset" }
  // Train
  | { readonly kind: "toggle_play" }
  | { readonly kind: "train_update" }
  | { readonly kind: "train_epoch" }
  | { readonly kind: "set_speed"; readonly speed: Speed }
  | { readonly kind: "set_stop_rule"; readonly stopRule: StopRule }
  | { readonly kind: "set_number"; readonly place: NumberPlace; readonly value: number }
  // Look back
  | { readonly kind: "look_at"; readonly step: number | null }
  | { readonly kind: "look_at_next_epoch"; readonly isOn: boolean }
  | { readonly kind: "go_on_from_shown" }
  // Many runs
  | StudiesAction
  | TriedAction
  // What workers say
  | { readonly kind: "engine_started"; readonly fused: boolean }
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "failed"; readonly sentence: string }
  | { readonly kind: "own_points"; readonly act: OwnPointsAction }
  | { readonly kind: "line"; readonly act: LineAction }
  | { readonly kind: "landscape"; readonly act: LandscapeAction }
  | { readonly kind: "step"; readonly act: StepAction }
  | { readonly kind: "lesson"; readonly act: LessonAction }
  // View
  | { readonly kind: "show_splits"; readonly splits: ShownSplits }
  | { readonly kind: "show_linear_regions"; readonly on: boolean }
  | { readonly kind: "open_tab"; readonly tab: Tab }
  | { readonly kind: "show_layer"; readonly layer: number }
  | { readonly kind: "set_theme"; readonly theme: Theme }
  | { readonly kind: "enlarge"; readonly part: Enlarged }
  | { readonly kind: "switch_keys"; readonly on: boolean }
  | { readonly kind: "help"; readonly act: HelpAction }
  | { readonly kind: "dismiss_message" }
  // Open
  /** With what was answered. */
  | { readonly kind: "open_lesson_again" }
  /** A lesson began as `began`, where its session was gone on with since. */
  | { readonly kind: "open_session"; readonly session: Session; readonly began?: Session | null }
  /** By an act in the page: the browser's "back" brings back what there was. */
  | { readonly kind: "open_as_entry"; readonly session: Session }
  | { readonly kind: "complain"; readonly sentence: string }
  | { readonly kind: "close_complaint" };

export type Dispatch = (action: Action) => void;
