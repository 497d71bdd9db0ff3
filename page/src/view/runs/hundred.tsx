// A hundred runs of the set-up from other seeds, and where this run stands among them.

import { useMemo, useState } from "preact/hooks";

import type { Dispatch } from "../../state/actions.ts";
import { isPlain } from "../../state/provenance.ts";
import type { State } from "../../state/state.ts";
import { presentSetUp } from "../../state/studies.ts";
import { accuraciesOf, typicalAccuracy, type Run } from "../../statistics/summary.ts";
import { canBeSetUp } from "../../studies/set_up.ts";
import { standingOf } from "../../studies/standing.ts";
import type { Study } from "../../studies/study.ts";
import type { Palette } from "../colours.ts";
import { percent } from "../numbers.ts";
import { Progress } from "./progress.tsx";
import { Strip } from "./strip.tsx";
import { accuracyRange } from "./strip_layout.ts";
import { accuracyInWords, failuresInWords } from "./words.ts";

interface Properties {
  readonly state: State;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function Hundred({ state, palette, dispatch }: Properties) {
  const { hundred } = state.studies;
  return (
    <>
      <div class="row">
        <Progress kind="hundred" studies={state.studies} start="Train a hundred" dispatch={dispatch} />
      </div>
      {hundred === null && <p class="muted">Was this run luck? Train the same set-up from the next hundred seeds, and see where this run stands.</p>}
      {hundred === null && !isPlain(state) && (
        <p class="muted">This run was changed on its way. The hundred train the set-up as it is now, from the first update.</p>
      )}
      {hundred !== null && hundred.parts[0].runs.length > 0 && (
        <Found state={state} hundred={hundred} palette={palette} dispatch={dispatch} />
      )}
    </>
  );
}

function Found({ state, hundred, palette, dispatch }: Properties & { readonly hundred: Study }) {
  const [{ setUp, runs, seeds }] = hundred.parts;
  const [isOpen, setOpen] = useState(false);
  const isRunning = state.studies.running === "hundred";
  // It resamples thousands of times.
  const typical = useMemo(() => (isRunning ? null : typicalAccuracy(runs)), [isRunning, runs]);
  const standing = standingOf(state, hundred);
  const mine = standing.place === null ? null : (state.result?.scores.test.accuracy ?? null);
  const known = mine === null ? accuraciesOf(runs) : [...accuraciesOf(runs), mine];
  const pick = (seed: string) => dispatch({ kind: "set_up", setUp, seed });
  const canLoad = canBeSetUp(setUp, presentSetUp(state));
  const said = [accuracyInWords(runs, typical), failuresInWords(runs)];
  return (
    <>
      <p class="standing">{standing.sentence}</p>
      {known.length > 0 && (
        <Strip
          runs={runs}
          range={accuracyRange(known)}
          typical={typical}
          mine={mine}
          label={`${runs.length} of ${seeds.length} runs as dots over their test accuracy. ${said.join(" ")}`}
          palette={palette}
          onPick={pick}
        />
      )}
      {said.map((sentence) => (
        <p class="muted" key={sentence}>
          {sentence}
        </p>
      ))}
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>All runs</summary>
        {isOpen && <AllRuns runs={runs} canLoad={canLoad} onPick={pick} />}
      </details>
    </>
  );
}

interface AllRunsProperties {
  readonly runs: readonly Run[];
  readonly canLoad: boolean;
  readonly onPick: (seed: string) => void;
}

/** The runs from the most accurate on; behind them those that diverged. */
function AllRuns({ runs, canLoad, onPick }: AllRunsProperties) {
  const rank = ({ accuracy, ending }: Run) => (ending === "diverged" ? -1 : accuracy);
  return (
    <>
      {!canLoad && <p class="muted">They are of other points than those that are there now, and cannot be set up.</p>}
      <table class="all-runs">
        <thead>
          <tr>
            <th scope="col">seed</th>
            <th scope="col">test accuracy</th>
            <th scope="col">ending</th>
          </tr>
        </thead>
        <tbody>
          {runs
            .toSorted((one, other) => rank(other) - rank(one))
            .map(({ seed, accuracy, ending }) => (
              <tr key={seed}>
                <td>
                  <button
                    type="button"
                    class="button small"
                    aria-label={`set up seed ${seed}`}
                    disabled={!canLoad}
                    onClick={() => onPick(seed)}
                  >
                    {seed}
                  </button>
                </td>
                <td>{ending === "diverged" ? "–" : percent(accuracy)}</td>
                <td>{ending}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}
