// The trainings of this visit in a table: what differs, what came of it, and the way back to each.

import { download } from "../../exports/download.ts";
import { triedFile } from "../../exports/tried_file.ts";
import { presentSetUp } from "../../state/studies.ts";
import { MOST_TRIED, type Reference, sayEnding, sayTried, type TriedRun } from "../../state/tried.ts";
import { areSame, canBeSetUp } from "../../studies/set_up.ts";
import { Button } from "../button.tsx";
import { Select } from "../choices.tsx";
import { help } from "../help/help.ts";
import { METRICS } from "../metrics.ts";
import { count, loss } from "../numbers.ts";
import type { PaintedProperties } from "../properties.ts";

export function TriedRuns({ state, dispatch }: PaintedProperties) {
  const { runs, count: all, reference } = state.tried;
  const { kept } = state.studies;
  if (runs.length === 0) return <p class="muted">Each training of this visit has a line here, once it has made an update.</p>;
  const references: readonly (readonly [Reference, string])[] = [
    ["before", "from the run before"],
    ["first", "from the first run"],
    ...(kept === null ? [] : [["kept", "from A"] as const]),
  ];
  return (
    <>
      <div class="row">
        <Select
          aria-label="what differs is told"
          {...help("tried_reference")}
          chosen={reference}
          options={references}
          onChoose={(from) => dispatch({ kind: "tell_differences", from })}
        />
        <Button look="small" {...help("tried_csv")} onClick={() => download("runs_tried.csv", triedFile(state.tried))}>Save as CSV</Button>
      </div>
      <p class="muted">
        A number sets that run up again, and “A” keeps its set-up, to compare another one with it.{" "}
        {all > runs.length ? `The last ${MOST_TRIED} of ${count(all)} runs. ` : ""}This table is gone when the page is closed or loaded anew.
      </p>
      <div class="tried-box">
        <table class="tried">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">what differs</th>
              <th scope="col">seed</th>
              <th scope="col">test</th>
              <th scope="col">training</th>
              <th scope="col">test loss</th>
              <th scope="col">epochs</th>
              <th scope="col">ending</th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run, i) => row(run, i)).toReversed()}
          </tbody>
        </table>
      </div>
      {kept !== null && (
        <p class="muted">A is kept. Set up another run, then press “Compare”: a hundred runs of each tell whether the difference is luck.</p>
      )}
    </>
  );

  function row(run: TriedRun, i: number) {
    const { write } = METRICS[run.metric];
    const now = presentSetUp(state);
    const isA = kept !== null && areSame(kept, run.setUp);
    const isNow = run.training === state.training;
    return (
      <tr key={run.training} aria-current={isNow}>
        <th scope="row">
          <div class="row">
            <Button
              look="small"
              aria-label={`set up run ${run.number}`}
              {...help("tried_set_up")}
              disabled={!canBeSetUp(run.setUp, now)}
              onClick={() => dispatch({ kind: "set_up", setUp: run.setUp, seed: run.seed })}
            >
              {run.number}
            </Button>
            <Button
              look="small"
              aria-label={`keep run ${run.number} as A`}
              {...help("keep_as_a")}
              aria-pressed={isA}
              onClick={() => dispatch({ kind: "keep_as_a", setUp: run.setUp })}
            >
              A
            </Button>
          </div>
        </th>
        <td class="differs">
          {whatDiffers(run, i)}
          {run.isPlain ? "" : " (changed on its way)"}
        </td>
        <td>{run.seed}</td>
        <td>{write(run.test.metric)}</td>
        <td>{write(run.train.metric)}</td>
        <td>{loss(run.test.loss)}</td>
        <td>{count(run.epochs)}</td>
        <td>{isNow && state.playing ? "training" : sayEnding(run)}</td>
      </tr>
    );
  }

  function whatDiffers(run: TriedRun, i: number): string {
    if (i === 0 && reference !== "kept") return run.number === 1 ? "the first run" : "the first that is kept";
    const said = sayTried(state, i);
    if (said !== "") return said;
    const from = reference === "first" ? runs[0] : runs[i - 1];
    return reference === "kept" || from.seed === run.seed ? "nothing" : "the seed alone";
  }
}
