// What some runs came to: a strip of dots, and sentences.

import type { Estimate } from "../../statistics/estimates.ts";
import { accuraciesOf, countFailures, summarise, type Run } from "../../statistics/summary.ts";
import type { Palette } from "../colours.ts";
import { percent } from "../numbers.ts";
import { accuracyRange, Strip } from "./strip.tsx";

interface Properties {
  /** At least one. */
  readonly runs: readonly Run[];
  /** What the runs are called. */
  readonly name: string;
  /** Accuracies that the axis holds. */
  readonly known: readonly number[];
  readonly typical: Estimate | null;
  /** Accuracy of the run that is shown, where it is compared with these. */
  readonly mine: number | null;
  readonly palette: Palette;
  readonly onPick: (seed: string) => void;
}

export function Outcome({ runs, name, known, ...strip }: Properties) {
  const said = [accuracyInWords(runs, strip.typical), failuresInWords(runs)];
  return (
    <>
      {known.length > 0 && (
        <Strip
          {...strip}
          runs={runs}
          range={accuracyRange(known)}
          label={`${name} as dots over their test accuracy. ${said.join(" ")}`}
        />
      )}
      {said.map((sentence) => (
        <p class="muted" key={sentence}>{sentence}</p>
      ))}
    </>
  );
}

/** How accurate some runs are; the typical one with its interval, where it was estimated. */
function accuracyInWords(runs: readonly Run[], typical: Estimate | null): string {
  const found = summarise(accuraciesOf(runs));
  if (found === null) return "No run has an accuracy.";
  const middle = typical === null ? "" : `. Mean of the middle half (the mark below the dots): ${withInterval(typical)}`;
  return `Test accuracy: median ${percent(found.median)}, from ${percent(found.min)} to ${percent(found.max)}${middle}.`;
}

/** How many of the runs failed, with the interval of the fraction. */
function failuresInWords(runs: readonly Run[]): string {
  const { stuck, diverged, fraction } = countFailures(runs);
  const [low, high] = [fraction.low, fraction.high].map((end) => (100 * end).toFixed(1));
  return `Failed: ${stuck} stuck, ${diverged} diverged, of ${runs.length} (95 % interval ${low} to ${high} %).`;
}

function withInterval({ value, low, high }: Estimate): string {
  if (!Number.isFinite(low)) return percent(value);
  return `${percent(value)} (95 % interval ${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`;
}
