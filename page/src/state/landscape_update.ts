// What becomes of the loss landscape by an action, and when one is asked for without any.

import type { LandscapeWanted } from "../worker/messages.ts";
import { type LandscapeAction, type LandscapeState, underWay } from "./landscape.ts";
import { isPlain } from "./provenance.ts";
import { type State, resultNow } from "./state.ts";
import { presentSetUp } from "./studies.ts";
import { wanting } from "./training.ts";

/** With the run that is shown, a hundred. */
export const OTHERS = 99;

export function updateLandscape(state: State, action: LandscapeAction): State {
  const { landscape } = state;
  const put = (changed: Partial<LandscapeState>): State => ({ ...state, landscape: { ...landscape, ...changed } });
  switch (action.kind) {
    case "choose_plane":
      return action.plane === landscape.plane ? state : ask(put({ plane: action.plane, found: null }));
    case "of_hundred":
      return ask(put({ ofHundred: action.on, found: null }));
    case "add_penalty":
      return put({ withPenalty: action.on });
    case "draw":
      return ask(state);
    case "found": {
      const { number, trained, landscape: found, why, isDone } = action.found;
      const asked = underWay(state);
      if (asked === null || asked.number !== number) return state;
      const next = put({
        asked: { ...asked, isDone },
        path: isDone ? null : landscape.path,
        trained,
        found: found === null ? (isDone ? null : landscape.found) : { training: asked.training, landscape: found },
        why,
      });
      return isDone ? followLandscape(next) : next;
    }
    case "failed": {
      const asked = underWay(state);
      if (asked?.number !== action.number) return state;
      return put({ asked: { ...asked, isDone: true }, path: null, why: action.sentence });
    }
  }
}

/** Take the path that a result has, and ask for a landscape where one is due: it is looked at, and the training stands. */
export function followLandscape(state: State): State {
  const path = state.result?.path ?? null;
  const asked = underWay(state);
  if (path !== null && state.result !== null) {
    const isOfThis = asked?.number === path.number;
    const landscape = isOfThis ? { ...state.landscape, path: path.points } : state.landscape;
    return { ...state, landscape, result: { ...state.result, path: null } };
  }
  return isDue(state) ? ask(state) : state;
}

/** Whether a landscape is to be drawn by itself: the first of a training that stands, and when it has ended. */
function isDue(state: State): boolean {
  const result = resultNow(state);
  if (state.tab !== "loss" || result === null || state.playing || result.revision !== state.revision) return false;
  const last = state.landscape.asked;
  if (result.step === 0 || result.ending === "diverged") return false;
  if (last?.training !== state.training) return true;
  return result.ending !== null && last.step !== result.step && last.isDone;
}

function ask(state: State): State {
  const result = resultNow(state);
  if (result === null || result.step === 0 || result.ending === "diverged") return state;
  const number = (state.landscape.asked?.number ?? 0) + 1;
  const asked = { number, training: state.training, step: result.step, isDone: false };
  return wanting({ ...state, landscape: { ...state.landscape, asked, path: null, trained: 0, why: "" } });
}

/** What is to be computed; null if nothing. */
export function landscapeWanted(state: State): LandscapeWanted | null {
  const asked = underWay(state);
  const { path, plane, ofHundred } = state.landscape;
  if (asked === null || path === null) return null;
  const others = ofHundred && isPlain(state) ? OTHERS : 0;
  return { kind: "landscape_wanted", number: asked.number, ...presentSetUp(state), seed: state.seed, path, plane, others };
}
