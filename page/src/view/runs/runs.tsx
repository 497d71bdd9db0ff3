// Many runs: a hundred more of the same, two set-ups compared, a map of two numbers, and those of this visit.

import type { ShownRuns } from "../../state/studies.ts";
import { Segmented } from "../choices.tsx";
import type { Part } from "../help/texts.ts";
import type { PaintedProperties } from "../properties.ts";
import { Compare } from "./compare.tsx";
import { Hundred } from "./hundred.tsx";
import { AccuracyMap } from "./map.tsx";
import { TriedRuns } from "./tried.tsx";

const KINDS: readonly (readonly [ShownRuns, string, typeof Hundred, Part])[] = [
  ["hundred", "A hundred", Hundred, "study_hundred"],
  ["comparison", "Compare", Compare, "study_comparison"],
  ["map", "Map", AccuracyMap, "study_map"],
  ["tried", "Tried", TriedRuns, "study_tried"],
];

export function Runs(properties: PaintedProperties) {
  const { state, dispatch } = properties;
  const { shown, running } = state.studies;
  const [, , Shown] = KINDS.find(([kind]) => kind === shown) ?? KINDS[0];
  return (
    <div class="runs">
      <Segmented
        label="many runs"
        chosen={shown}
        options={KINDS.map(([kind, text, , part]) => [kind, running === kind ? `${text} …` : text, part])}
        onChoose={(study) => dispatch({ kind: "show_study", study })}
      />
      <Shown {...properties} />
    </div>
  );
}
