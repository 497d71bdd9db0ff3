// What some runs came to: a strip of dots, and sentences.

import type { Metric } from "../../spec/losses.ts";
import type { Estimate } from "../../statistics/estimates.ts";
import { countFailures, metricsOf, summarise, type Run } from "../../statistics/summary.ts";
import type { Palette } from "../colours.ts";
import { picture } from "../help/help.ts";
import { HelpMark } from "../help/mark.tsx";
import { RunsLegend } from "../legends.tsx";
import { METRICS } from "../metrics.ts";
import { metricRange, Strip } from "./strip.tsx";

interface Properties {
  /** At least one. */
  readonly runs: readonly Run[];
  /** What the runs are called. */
  readonly name: string;
  /** By what the runs are judged. */
  readonly metric: Metric;
  /** Metrics that the axis holds. */
  readonly known: readonly number[];
  readonly typical: Estimate | null;
  /** Metric of the run that is shown, where it is compared with these. */
  readonly mine: number | null;
  readonly palette: Palette;
  readonly onPick: (seed: string) => void;
}

export function Outcome({ runs, name, metric, known, ...strip }: Properties) {
  const said = [metricInWords(runs, metric, strip.typical), failuresInWords(runs)];
  return (
    <>
      {known.length > 0 && (
        <>
          <Strip
            {...strip}
            runs={runs}
            metric={metric}
            range={metricRange(known, metric)}
            label={`${name} as dots over their test ${METRICS[metric].name}. ${said.join(" ")}`}
          />
          <div class="row" {...picture("strip")}>
            <RunsLegend hasMean={strip.typical !== null} palette={strip.palette} />
            <HelpMark part="strip" name={name} />
          </div>
        </>
      )}
      {said.map((sentence) => (
        <p class="muted" key={sentence}>{sentence}</p>
      ))}
    </>
  );
}

/** How good some runs are; the typical one with its interval, where it was estimated. */
function metricInWords(runs: readonly Run[], metric: Metric, typical: Estimate | null): string {
  const { name, write } = METRICS[metric];
  const found = summarise(metricsOf(runs));
  if (found === null) return `No run has a test ${name}.`;
  const middle = typical === null ? "" : `. Mean of the middle half (the mark below the dots): ${withInterval(typical, metric)}`;
  return `Test ${name}: median ${write(found.median)}, from ${write(found.min)} to ${write(found.max)}${middle}.`;
}

/** How many of the runs failed, with the interval of the fraction. */
function failuresInWords(runs: readonly Run[]): string {
  const { stuck, diverged, fraction } = countFailures(runs);
  const [low, high] = [fraction.low, fraction.high].map((end) => (100 * end).toFixed(1));
  return `Failed: ${stuck} stuck, ${diverged} diverged, of ${runs.length} (95 % interval ${low} to ${high} %).`;
}

function withInterval({ value, low, high }: Estimate, metric: Metric): string {
  const { write } = METRICS[metric];
  if (!Number.isFinite(low)) return write(value);
  const [from, to] = [low, high].map((end) => (metric === "accuracy" ? (100 * end).toFixed(2) : write(end)));
  return `${write(value)} (95 % interval ${from} to ${to})`;
}
