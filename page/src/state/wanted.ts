// What the page wants of the worker that looks after the shown network: all of it, in one message.

import type { SplitName } from "../engine/stepper.ts";
import type { Wanted } from "../worker/messages.ts";
import { isLacking } from "./point_set.ts";
import { isCatchingUp } from "./session.ts";
import type { ShownSplits, State } from "./state.ts";

const SPLITS: Readonly<Record<ShownSplits, readonly SplitName[]>> = {
  train: ["train"],
  test: ["test"],
  all: ["train", "validation", "test"],
};

/** What the page wants of the worker that looks after the shown network. */
export function wantedOf(state: State): Wanted {
  const isKnown = state.result?.training === state.training;
  const actsDone = isKnown ? (state.result?.actedAt.length ?? 0) : 0;
  const { set } = state.ownPoints;
  return {
    kind: "wanted",
    training: state.training,
    revision: state.revision,
    experiment: isLacking(state) ? null : state.began,
    seed: state.seed,
    own: set === null || isKnown ? null : { samples: set.samples, extent: set.plane.extent },
    from: isKnown ? null : state.from, // which the worker has
    branchOf: state.branchOf,
    beginAt: state.beginAt,
    earlier: isKnown ? [] : state.earlier,
    acts: state.acts.slice(actsDone),
    actsDone,
    playing: state.playing,
    speed: state.speed,
    stopRule: state.stopRule,
    lookAt: state.lookAt,
    splits: SPLITS[state.shownSplits],
    hiddenLayer: state.tab === "hidden" ? state.hiddenLayer : null,
    knowsPoints: isKnown,
  };
}

/** Whether the page waits for the worker. */
export function isWaiting(state: State): boolean {
  if (state.failedAt === state.revision || isLacking(state)) return false;
  if (isCatchingUp(state)) return true;
  return state.playing || state.result?.training !== state.training || state.result.revision !== state.revision;
}
