// A hundred runs of the set-up from other seeds, and where this run stands among them.

import { useState } from "preact/hooks";

import { metricOf } from "../../engine/heads.ts";
import { isLowBetter, type Metric } from "../../spec/losses.ts";
import { isPlain } from "../../state/provenance.ts";
import { presentSetUp } from "../../state/studies.ts";
import { metricsOf, type Run } from "../../statistics/summary.ts";
import { canBeSetUp } from "../../studies/set_up.ts";
import { standingOf } from "../../studies/standing.ts";
import type { Study } from "../../studies/study.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import { METRICS } from "../metrics.ts";
import type { PaintedProperties } from "../properties.ts";
import { Outcome } from "./outcome.tsx";
import { Progress } from "./progress.tsx";

export function Hundred(properties: PaintedProperties) {
  const { state } = properties;
  const { hundred } = state.studies;
  return (
    <>
      <div class="row">
        <Progress {...properties} kind="hundred" start="Train a hundred" />
      </div>
      {hundred === null && <p class="muted">Was this run luck? Train the same set-up from the next hundred seeds, and see where this run stands.</p>}
      {hundred === null && !isPlain(state) && (
        <p class="muted">This run was changed on its way. The hundred train the set-up as it is now, from the first update.</p>
      )}
      {hundred !== null && hundred.parts[0].runs.length > 0 && <Found {...properties} hundred={hundred} />}
    </>
  );
}

function Found({ state, hundred, palette, dispatch }: PaintedProperties & { readonly hundred: Study }) {
  const [{ setUp, runs, seeds }] = hundred.parts;
  const [isOpen, setOpen] = useState(false);
  const { judgement } = hundred;
  const typical = judgement?.kind === "hundred" ? judgement.typical[0] : null;
  const standing = standingOf(state, hundred);
  const mine = standing.place === null ? null : (state.result?.scores.test.metric ?? null);
  const metric = metricOf(setUp.experiment);
  const known = mine === null ? metricsOf(runs) : [...metricsOf(runs), mine];
  const pick = (seed: string) => dispatch({ kind: "set_up", setUp, seed });
  const canLoad = canBeSetUp(setUp, presentSetUp(state));
  return (
    <>
      <p class="standing">{standing.sentence}</p>
      {judgement?.kind === "failed" && <p role="alert">{judgement.sentence}</p>}
      <Outcome
        runs={runs}
        name={`${runs.length} of ${seeds.length} runs`}
        known={known}
        metric={metric}
        typical={typical}
        mine={mine}
        palette={palette}
        onPick={pick}
      />
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary {...help("all_runs")}>All runs</summary>
        {isOpen && <AllRuns runs={runs} metric={metric} canLoad={canLoad} onPick={pick} />}
      </details>
    </>
  );
}

interface AllRunsProperties {
  readonly runs: readonly Run[];
  readonly metric: Metric;
  readonly canLoad: boolean;
  readonly onPick: (seed: string) => void;
}

/** The runs from the best on; behind them those that diverged. */
function AllRuns({ runs, metric, canLoad, onPick }: AllRunsProperties) {
  const { name, write } = METRICS[metric];
  const sign = isLowBetter(metric) ? -1 : 1;
  const rank = (run: Run) => (run.ending === "diverged" ? -Infinity : sign * run.metric);
  return (
    <>
      {!canLoad && <p class="muted">They are of other points than those that are there now, and cannot be set up.</p>}
      <table class="all-runs">
        <thead>
          <tr>
            <th scope="col">seed</th>
            <th scope="col">test {name}</th>
            <th scope="col">ending</th>
          </tr>
        </thead>
        <tbody>
          {runs
            .toSorted((one, other) => (rank(other) === rank(one) ? 0 : rank(other) - rank(one)))
            .map(({ seed, metric: reached, ending }) => (
              <tr key={seed}>
                <td>
                  <Button
                    look="small"
                    {...help("set_up_seed")}
                    aria-label={`set up seed ${seed}`}
                    disabled={!canLoad}
                    onClick={() => onPick(seed)}
                  >
                    {seed}
                  </Button>
                </td>
                <td>{ending === "diverged" ? "–" : write(reached)}</td>
                <td>{ending}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}
