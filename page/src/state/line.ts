// Task 3: which line is wanted, and weights that draw one, put in by hand.

import { draggedTo, type Point } from "../boundary/dragging.ts";
import { usualSide } from "../boundary/findings.ts";
import { parseLine, sidesOf, writeLine } from "../boundary/line.ts";
import { LineError } from "../boundary/equation.ts";
import { FROM_THE_LAB, LAB_LINE, nextSolution } from "../boundary/solutions.ts";
import { drawnLine, fromLayer, isTwoClasses, sharpnessOf, toLayer, type TwoClasses } from "../boundary/two_classes.ts";
import type { Act } from "../worker/messages.ts";
import type { Mistake } from "./form.ts";
import { pointsOnPlane } from "./point_set.ts";
import { type State, resultNow } from "./state.ts";
import { act, goOnFromShown } from "./training.ts";

export interface LineState {
  /** As `writeLine` writes it. */
  readonly wanted: string;
  /** What was typed last and is no line; then the one before is still wanted. */
  readonly wrong: Mistake | null;
  /** Where the search for the next solution begins. */
  readonly next: number;
  readonly dragged: Dragged | null;
}

interface Dragged {
  /** The last act of the dragging. */
  readonly act: Act;
  /** Where it has come to; the line that is drawn is rounded. */
  readonly ends: readonly [Point, Point];
  /** With which it began. */
  readonly sharpness: number;
}

export type LineAction =
  | { readonly kind: "want"; readonly text: string }
  | { readonly kind: "want_drawn" }
  | { readonly kind: "next_solution" }
  /** One of `FROM_THE_LAB`. */
  | { readonly kind: "lab_solution"; readonly name: string }
  | { readonly kind: "switch_labels" }
  /** Class 0 lies to the left of the way from the first end to the second. */
  | { readonly kind: "drag"; readonly ends: readonly [Point, Point] };

export const NO_LINE: LineState = { wanted: LAB_LINE, wrong: null, next: 0, dragged: null };

/** Whether the network that is shown has two classes and no hidden layer. */
export function appliesLine({ result }: State): boolean {
  return result !== null && isTwoClasses(result.layers);
}

export function updateLine(state: State, action: LineAction): State {
  if (!appliesLine(state)) return state;
  try {
    return acted(state, action);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    if (action.kind === "drag") return state; // the next place will do
    if (action.kind !== "want") return { ...state, message: error.message };
    return { ...state, line: { ...state.line, wrong: { entered: action.text, message: error.message } } };
  }
}

function acted(state: State, action: LineAction): State {
  const now = networkNow(state);
  const points = pointsOnPlane(state);
  if (now === null || points === null) return state;
  switch (action.kind) {
    case "want":
      return wanting(state, writeLine(parseLine(action.text)));
    case "want_drawn": {
      const drawn = drawnLine(now);
      return drawn === null ? state : wanting(state, writeLine(drawn));
    }
    case "lab_solution":
      return put(state, FROM_THE_LAB[action.name]);
    case "switch_labels":
      return put(state, [now[1], now[0]]);
    case "next_solution": {
      const wanted = parseLine(state.line.wanted);
      const side = usualSide(wanted, points.splits.train) ?? sidesOf(wanted)[0];
      const { network, next } = nextSolution(wanted, side, now, state.line.next, points.extent);
      return put({ ...state, line: { ...state.line, next } }, network);
    }
    case "drag": {
      const { ends } = action;
      const sharpness = draggingOf(state)?.sharpness ?? sharpnessOf(now);
      const next = put(state, draggedTo(ends, now, sharpness, points.extent));
      return { ...next, line: { ...next.line, dragged: { act: next.acts[next.acts.length - 1], ends, sharpness } } };
    }
  }
}

/** The dragging that the network is of; null if there is none. */
export function draggingOf(state: State): Dragged | null {
  const { dragged } = state.line;
  return dragged !== null && dragged.act === state.acts.at(-1) && isLastAct(state) ? dragged : null;
}

function wanting(state: State, wanted: string): State {
  return { ...state, line: { ...state.line, wanted, wrong: null, next: 0 } };
}

function put(state: State, network: TwoClasses): State {
  return act({ ...goOnFromShown(state), playing: false }, { kind: "weights", layer: 0, ...toLayer(network) });
}

/** The network as it will be after all acts: the worker may not have come to the last one yet. */
export function networkNow(state: State): TwoClasses | null {
  const last = state.acts.at(-1);
  if (state.lookAt === null && last?.kind === "weights" && isLastAct(state)) {
    const [w11, w12, w21, w22] = last.weights;
    return [[w11, w12, last.biases[0]], [w21, w22, last.biases[1]]];
  }
  return state.result === null ? null : fromLayer(state.result.layers[0]);
}

/** Whether nothing was trained since the last act. */
function isLastAct(state: State): boolean {
  const { acts } = state;
  const result = resultNow(state);
  return result === null || result.actedAt.length < acts.length || result.actedAt[acts.length - 1] === result.step;
}
