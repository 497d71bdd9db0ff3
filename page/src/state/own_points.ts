// All that can happen to own points. The training begins anew with each change, as soon as there are enough.

import { Refusal } from "../text/refusal.ts";
import { checkClasses, checkCoordinate, checkNumber } from "../data/reading.ts";
import { nextSplit, type Sample } from "../data/splits.ts";
import type { Experiment } from "../engine/experiment.ts";
import type { Extent } from "../worker/messages.ts";
import { squareAround } from "../worker/plane.ts";
import type { Action } from "./actions.ts";
import { fittedTraining } from "./fitted_training.ts";
import { datasetOf, gone, isLacking, labelNames, pointSet, pointsOnPlane, replaced } from "./point_set.ts";
import type { OwnPoints, PointSet, PointTool } from "./point_set.ts";
import { type State, resultNow } from "./state.ts";
import { begin } from "./training.ts";

export type OwnPointsAction =
  | { readonly kind: "draw_own" }
  | { readonly kind: "open"; readonly points: readonly Sample[] }
  | { readonly kind: "refuse"; readonly sentence: string }
  | { readonly kind: "add"; readonly x1: number; readonly x2: number }
  | { readonly kind: "move"; readonly point: Sample; readonly x1: number; readonly x2: number }
  | { readonly kind: "remove"; readonly point: Sample }
  | { readonly kind: "set_class"; readonly point: Sample }
  | { readonly kind: "clear" }
  | { readonly kind: "add_class" }
  | { readonly kind: "choose_class"; readonly label: string }
  | { readonly kind: "choose_tool"; readonly tool: PointTool }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" }
  | { readonly kind: "back_to_dataset" };

/** Where nothing is shown yet. */
const UNIT: Extent = [-0.06, 1.06, -0.06, 1.06];

/** Acts that need a network. */
const NEED_NETWORK: ReadonlySet<string> = new Set<Action["kind"]>([
  "toggle_play",
  "train_update",
  "train_epoch",
  "set_number",
  "look_at",
  "look_at_next_epoch",
  "go_on_from_shown",
  "train_study",
  "keep_as_a",
  "line",
]);

/** Why an action cannot be: it needs a network, and own points are too few; empty if it can. */
export function whyNotNow(state: State, { kind }: Action): string {
  if (!isLacking(state) || !NEED_NETWORK.has(kind)) return "";
  return `There is no network of these points yet: ${state.ownPoints.set?.missing}.`;
}

export function updateOwnPoints(state: State, action: OwnPointsAction): State {
  try {
    return acted(state, action);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...state, message: error.message };
  }
}

function acted(state: State, action: OwnPointsAction): State {
  const { ownPoints: own } = state;
  switch (action.kind) {
    case "draw_own":
      return shownAll(changed(state, pointSet([], [], extentOf(state)), "add"));
    case "open": {
      const extent = squareAround([action.points.flatMap(({ x1, x2 }) => [x1, x2])]);
      return shownAll(changed(state, pointSet(action.points, [], extent), "look"));
    }
    case "refuse":
      return { ...state, message: action.sentence };
    case "back_to_dataset":
      return own.set === null ? state : changed(state, null);
    case "undo":
      return travelled(state, "past");
    case "redo":
      return travelled(state, "future");
    case "choose_tool":
      return withOwn(state, { ...own, tool: action.tool });
    case "choose_class":
      return withOwn(state, { ...own, label: action.label });
    case "add_class":
      return own.set === null ? state : withClass(state, own.set);
    case "clear":
      if (own.set === null || own.set.points.length === 0) return state;
      return changed(state, edited(own.set, []), "add");
    default: {
      if (own.set === null) return state;
      const points = withPoint(own.set.points, action, own.label);
      return points === null ? state : changed(state, edited(own.set, points));
    }
  }
}

type PointAct = Extract<OwnPointsAction, { readonly kind: "add" | "move" | "remove" | "set_class" }>;

/** The points after an act on one of them; null if there is no such point. */
function withPoint(points: readonly Sample[], action: PointAct, label: string): readonly Sample[] | null {
  if (action.kind === "add" || action.kind === "move")
    for (const value of [action.x1, action.x2]) checkCoordinate(value);
  if (action.kind === "add") {
    checkNumber(points.length + 1);
    return [...points, { x1: action.x1, x2: action.x2, label, split: nextSplit(points, label) }];
  }
  // A place in the list would be another point's by now, if one was removed before the page was drawn again.
  const index = points.indexOf(action.point);
  if (index < 0) return null;
  if (action.kind === "remove") return points.toSpliced(index, 1);
  const other = action.kind === "move" ? { x1: action.x1, x2: action.x2 } : { label };
  return points.with(index, { ...action.point, ...other });
}

/** Other points with the same classes to choose from, on the same square of the plane. */
function edited({ offered, plane }: PointSet, points: readonly Sample[]): PointSet {
  return pointSet(points, offered, plane.extent);
}

/** One class more to choose from: the next number that is none yet. */
function withClass(state: State, set: PointSet): State {
  let number = set.offered.length;
  while (set.offered.includes(String(number))) number++;
  const label = String(number);
  checkClasses(set.offered.length + 1);
  const more = pointSet(set.points, [...set.offered, label], set.plane.extent);
  return withOwn(state, { ...replaced(state, more), label, said: `Class ${label} can be chosen now.` });
}

function travelled(state: State, where: "past" | "future"): State {
  const next = gone(state, where);
  if (next === null) return state;
  const before = state.ownPoints.set?.points;
  if (before !== undefined && before === next.own.set?.points) return withOwn(state, { ...next.own, said: "" });
  return shownAll(learned(state, next.own, { ...state.experiment, dataset: next.dataset }));
}

function changed(state: State, set: PointSet | null, tool?: PointTool): State {
  const own = replaced(state, set);
  const dataset = datasetOf(own);
  return learned(state, tool === undefined ? own : { ...own, tool }, { ...state.experiment, dataset });
}

/** Begin anew with other points, and say so where something had been trained. */
function learned(state: State, own: OwnPoints, given: Experiment): State {
  const hadTrained = state.playing || (resultNow(state)?.step ?? 0) > 0;
  const isEnough = !isLacking({ ownPoints: own });
  const names = labelNames({ ownPoints: own, experiment: given });
  const { training, changes } = isEnough ? fittedTraining(given.training, names) : { ...given, changes: [] };
  const anew = hadTrained && isEnough ? ["The points changed, so the training began anew."] : [];
  const said = [...anew, ...changes].join(" ");
  const begun = begin({ ...state, ownPoints: { ...own, said }, playing: state.playing && isEnough }, { ...given, training });
  return own.set === null && changes.length > 0 ? { ...begun, message: changes.join(" ") } : begun;
}

function withOwn(state: State, ownPoints: OwnPoints): State {
  return { ...state, ownPoints };
}

/** Who edits points must see them all. */
function shownAll(state: State): State {
  return state.ownPoints.set === null ? state : { ...state, shownSplits: "all" };
}

function extentOf(state: State): Extent {
  return pointsOnPlane(state)?.extent ?? UNIT;
}
