// Many runs: a hundred more of the same, two set-ups compared, a map of two numbers.

import type { Dispatch } from "../../state/actions.ts";
import type { State } from "../../state/state.ts";
import type { StudyKind } from "../../state/studies.ts";
import type { Palette } from "../colours.ts";
import { Compare } from "./compare.tsx";
import { Hundred } from "./hundred.tsx";
import { AccuracyMap } from "./map.tsx";

const KINDS: readonly (readonly [StudyKind, string, typeof Hundred])[] = [
  ["hundred", "A hundred", Hundred],
  ["comparison", "Compare", Compare],
  ["map", "Map", AccuracyMap],
];

interface Properties {
  readonly state: State;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function Runs({ state, palette, dispatch }: Properties) {
  const { shown, running } = state.studies;
  const [, , Shown] = KINDS.find(([kind]) => kind === shown) ?? KINDS[0];
  return (
    <div class="runs">
      <div class="segmented" role="group" aria-label="many runs">
        {KINDS.map(([kind, text]) => (
          <button
            type="button"
            class="segment"
            key={kind}
            aria-pressed={kind === shown}
            onClick={() => dispatch({ kind: "show_study", study: kind })}
          >
            {text}
            {running === kind && " …"}
          </button>
        ))}
      </div>
      <Shown state={state} palette={palette} dispatch={dispatch} />
    </div>
  );
}
