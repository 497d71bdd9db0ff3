// The plane with what belongs to it: which points are shown, own points, and the line of task 3.

import type { SplitName } from "../engine/experiment.ts";
import { isHidden } from "../state/lesson.ts";
import { classNames, isLacking, pointsOnPlane } from "../state/point_set.ts";
import type { ShownSplits } from "../state/state.ts";
import { Segmented } from "./choices.tsx";
import { help, picture } from "./help/help.ts";
import { HelpMark } from "./help/mark.tsx";
import type { Part } from "./help/texts.ts";
import { ClassLegend, SurfaceLegend } from "./legends.tsx";
import { describeLinearRegions } from "./linear_regions.ts";
import { useLineHandles } from "./line/handles.ts";
import { Plane } from "./plane.tsx";
import { usePointEditor } from "./points/editor.ts";
import { PointBar } from "./points/point_bar.tsx";
import type { PaintedProperties } from "./properties.ts";
import { usePointPicker } from "./step/picker.ts";
import { targetScale } from "./target.ts";

const SPLITS: readonly (readonly [ShownSplits, string, Part])[] = [
  ["train", "training", "points_training"],
  ["test", "test", "points_test"],
  ["all", "all", "points_all"],
];

export function PlanePanel({ state, palette, dispatch }: PaintedProperties) {
  const splits = (["train", "validation", "test"] as const).filter(
    (split: SplitName) => state.shownSplits === "all" || split === state.shownSplits,
  );
  // Own points have classes: a surface that is still there is that of the data before.
  const isOwn = state.ownPoints.set !== null;
  const scale = isOwn ? null : targetScale(state);
  const result = isLacking(state) || (isOwn && state.result?.classes === 0) ? null : state.result;
  const names = classNames(state);
  const editor = usePointEditor(state.ownPoints, splits, dispatch);
  const line = useLineHandles(state, dispatch);
  const picker = usePointPicker(state, dispatch);

  return (
    <section class="panel plane" aria-label="plane" data-tour="plane" {...picture("plane")}>
      <Plane
        result={result}
        points={pointsOnPlane(state)}
        isAnswered={state.ownPoints.set === null || result?.training === state.training}
        splits={splits}
        names={names}
        scale={scale}
        palette={palette}
        overlay={editor ?? line ?? picker}
      />
      <div class="plane-bar">
        <Segmented
          label="points"
          chosen={state.shownSplits}
          options={SPLITS}
          onChoose={(chosen) => dispatch({ kind: "show_splits", splits: chosen })}
        />
        {scale === null ? <ClassLegend names={names} palette={palette} ofPlane /> : <SurfaceLegend scale={scale} />}
        <HelpMark part="plane" name="plane" />
      </div>
      <div class="plane-tools">
        {!isHidden(state, "own_points") && <PointBar state={state} dispatch={dispatch} />}
        <label class="check">
          <input
            type="checkbox"
            {...help("linear_regions")}
            checked={state.showsLinearRegions}
            onChange={(event) => dispatch({ kind: "show_linear_regions", on: event.currentTarget.checked })}
          />
          linear regions
        </label>
      </div>
      {state.showsLinearRegions && result !== null && result.linearRegions !== null && (
        <p class="regions-said muted">{describeLinearRegions(result.linearRegions, result.classes > 0)}</p>
      )}
    </section>
  );
}
