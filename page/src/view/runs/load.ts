// Begin anew with a set-up that was trained in a study.

import type { Dispatch } from "../../state/actions.ts";
import type { State } from "../../state/state.ts";
import type { SetUp } from "../../studies/set_up.ts";

/** Set up an experiment, whose samples are those that are there, with a seed. */
export function load({ seed: now }: State, dispatch: Dispatch, { experiment }: SetUp, seed = now): void {
  dispatch({ kind: "set_experiment", experiment });
  dispatch({ kind: "set_seed", seed }); // begins anew, also where the experiment could be changed in flight
}

/** Whether something was pressed by a finger, which does not hover: its first tap says what there is. */
export function isTouch(event: MouseEvent): boolean {
  return event instanceof PointerEvent && event.pointerType === "touch";
}
