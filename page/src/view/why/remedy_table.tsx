// A row for each change: how many runs fail with it, how the metric differs, and what that means.

import { metricOf } from "../../engine/heads.ts";
import type { Estimate } from "../../statistics/estimates.ts";
import { countFailures } from "../../statistics/summary.ts";
import { sayDifferences } from "../../studies/differences.ts";
import { failedOf, type Remedy, remediesOf } from "../../studies/remedies.ts";
import { areSame, canBeSetUp, type SetUp } from "../../studies/set_up.ts";
import { isComplete, type Study } from "../../studies/study.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import { METRICS } from "../metrics.ts";
import type { Properties } from "../properties.ts";

interface TableProperties extends Properties {
  readonly study: Study;
  readonly now: SetUp;
}

export function RemedyTable({ study, now, state, dispatch }: TableProperties) {
  const remedies = remediesOf(study);
  const [unchanged] = study.parts;
  const metric = metricOf(unchanged.setUp.experiment);
  const canLoad = canBeSetUp(unchanged.setUp, now);
  const isNow = areSame(unchanged.setUp, now);
  const load = (setUp: SetUp) => dispatch({ kind: "set_up", setUp, seed: state.seed });
  return (
    <>
      <p>
        {saidOf(study, remedies)}
        {!isNow && " The set-up is another one now."}
        {!isNow && canLoad && (
          <>
            {" "}
            <Button look="small" {...help("load_unchanged")} onClick={() => load(unchanged.setUp)}>
              Back to the one of the table
            </Button>
          </>
        )}
      </p>
      <table class="remedies" aria-label="what single changes do">
        <thead>
          <tr>
            <th scope="col">change</th>
            <th scope="col">runs that fail, %</th>
            <th scope="col">test {METRICS[metric].short}</th>
            <th scope="col">effect</th>
          </tr>
        </thead>
        <tbody>
          {unchanged.runs.length > 0 && (
            <tr class="unchanged">
              <th scope="row">as it is</th>
              <td>
                <Interval of={countFailures(unchanged.runs).fraction} />
              </td>
              <td />
              <td />
            </tr>
          )}
          {remedies.map(({ setUp, fraction, difference, effect }) => {
            const name = sayDifferences(unchanged.setUp, setUp);
            return (
              <tr key={name} class={`is-${effect}`}>
                <th scope="row">
                  <Button look="small" disabled={!canLoad} {...help("load_change")} onClick={() => load(setUp)}>
                    {name}
                  </Button>
                </th>
                <td>
                  <Interval of={fraction} />
                </td>
                <td>{difference === null ? "" : writeDifference(difference, metric === "accuracy")}</td>
                <td>{study.judgement?.kind === "remedies" ? effect : ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="muted">
        Bars are 95 % intervals. An effect is told only with evidence, corrected for all changes. A click on a change
        begins anew with it.
      </p>
    </>
  );
}

/** What helps, in a sentence. */
function saidOf(study: Study, remedies: readonly Remedy[]): string {
  const [{ runs }] = study.parts;
  if (runs.length === 0) return "The first runs are trained …";
  const base = `${failedOf(runs)} of ${runs.length} runs fail as it is.`;
  if (!isComplete(study)) return base;
  if (study.judgement === null) return `${base} The changes are judged …`;
  if (study.judgement.kind === "failed") return `${base} ${study.judgement.sentence}`;
  const helpful = remedies.filter(({ effect }) => effect === "rescues" || effect === "better").length;
  return `${base} Of ${remedies.length} changes ${helpful === 0 ? "none clearly helps" : `${helpful} clearly ${helpful === 1 ? "helps" : "help"}`}.`;
}

/** A fraction as a bar with its interval, and in numbers. */
function Interval({ of: { value, low, high } }: { readonly of: Estimate }) {
  const [at, from, to] = [value, low, high].map((end) => 100 * end);
  const text = `${at.toFixed(0)} (${from.toFixed(0)} to ${to.toFixed(0)})`;
  return (
    <span class="interval">
      <svg viewBox="-2 0 104 12" aria-hidden="true" preserveAspectRatio="none">
        <line class="interval-axis" x1="0" x2="100" y1="6" y2="6" />
        <line class="interval-range" x1={from} x2={to} y1="6" y2="6" />
        <line class="interval-value" x1={at} x2={at} y1="1" y2="11" />
      </svg>
      <span>{text}</span>
    </span>
  );
}

function writeDifference({ value, low, high }: Estimate, isFraction: boolean): string {
  const write = (number: number) =>
    (isFraction ? (100 * number).toFixed(1) : number.toPrecision(2)).replace(/^-(?=0\.0$)/, "").replace("-", "−");
  const sign = value > 0 ? "+" : "";
  return Number.isFinite(low) ? `${sign}${write(value)} (${write(low)} to ${write(high)})` : `${sign}${write(value)}`;
}
