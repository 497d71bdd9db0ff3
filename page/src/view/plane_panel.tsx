// The plane with what belongs to it: which points are shown, own points, and the line of task 3.

import type { SplitName } from "../engine/experiment.ts";
import type { Dispatch } from "../state/actions.ts";
import { classNames, isLacking, pointsOnPlane } from "../state/point_set.ts";
import type { ShownSplits, State } from "../state/state.ts";
import type { Palette } from "./colours.ts";
import { ClassLegend } from "./legends.tsx";
import { useLineHandles } from "./line/handles.ts";
import { Plane } from "./plane.tsx";
import { usePointEditor } from "./points/editor.ts";
import { PointBar } from "./points/point_bar.tsx";

const SPLITS: readonly ShownSplits[] = ["train", "test", "all"];
const SPLIT_TEXTS: Readonly<Record<ShownSplits, string>> = { train: "training", test: "test", all: "all" };

interface Properties {
  readonly state: State;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function PlanePanel({ state, palette, dispatch }: Properties) {
  const splits = (["train", "validation", "test"] as const).filter(
    (split: SplitName) => state.shownSplits === "all" || split === state.shownSplits,
  );
  const result = isLacking(state) ? null : state.result;
  const names = classNames(state);
  const editor = usePointEditor(state.ownPoints, splits, dispatch);
  const line = useLineHandles(state, dispatch);

  return (
    <section class="panel plane" aria-label="plane">
      <Plane
        result={result}
        points={pointsOnPlane(state)}
        isAnswered={state.ownPoints.set === null || result?.training === state.training}
        splits={splits}
        names={names}
        palette={palette}
        overlay={editor ?? line}
      />
      <div class="plane-bar">
        <div class="segmented" role="group" aria-label="points">
          {SPLITS.map((each) => (
            <button
              type="button"
              class="segment"
              key={each}
              aria-pressed={each === state.shownSplits}
              onClick={() => dispatch({ kind: "show_splits", splits: each })}
            >
              {SPLIT_TEXTS[each]}
            </button>
          ))}
        </div>
        <ClassLegend names={names} palette={palette} />
      </div>
      <PointBar state={state} dispatch={dispatch} />
    </section>
  );
}
