// Loss, metric and learning rate along the epochs.

import { useMemo, useRef } from "preact/hooks";

import type { Metric } from "../spec/losses.ts";
import type { Result } from "../worker/messages.ts";
import { Chart, type Curve } from "./chart.tsx";
import { css, type Palette } from "./colours.ts";
import { picture } from "./help/help.ts";
import { HelpMark } from "./help/mark.tsx";
import { METRICS } from "./metrics.ts";
import { short } from "./numbers.ts";
import { counted } from "../text/sentence.ts";
import { PENALTIES, SCORES } from "../engine/experiment.ts";

const MOST = 400; // points of a curve; more cannot be seen
const DASH = [6, 3];
const DOTTED = { dash: [2, 3], few: 1 }; // with penalty
const PACE = 100; // milliseconds after which curves are painted anew while the network trains

interface Properties {
  readonly result: Result | null;
  /** Of the training as it is planned. */
  readonly plannedEpochs: number;
  readonly palette: Palette;
}

export function Curves({ result: latest, plannedEpochs, palette }: Properties) {
  const result = useSlowly(latest);
  const history = result?.history ?? NO_NUMBERS;
  const shown = useMemo(() => shownEpochs(history.length / SCORES), [history]);
  const column = (score: number, scale = 1) =>
    shown.map((epoch) => {
      const value = history[(epoch - 1) * SCORES + score];
      return Number.isFinite(value) ? scale * value : null;
    });
  const penalties = result?.penalties ?? NO_NUMBERS;
  const isPenalised = (result?.penalty ?? null) !== null;
  const penalty = (epoch: number, score: 0 | 2) => penalties[(epoch - 1) * PENALTIES + score / 2];
  const withPenalty = (score: 0 | 2) => column(score).map((loss, i) => (loss === null ? null : loss + penalty(shown[i], score)));
  const metric = result?.metric ?? "accuracy";
  const factor = metric === "accuracy" ? 100 : 1;
  const { name, write } = METRICS[metric];
  const lines = useMemo(
    () => ({
      loss: [column(0), column(2), ...(isPenalised ? [withPenalty(0), withPenalty(2)] : [])],
      metric: [column(1, factor), column(3, factor)],
    }),
    [history, isPenalised, metric],
  );
  const rates = result?.rates;
  const lastEpoch = Math.max(1, plannedEpochs, result?.epoch ?? 0);
  const mark = result !== null && result.shownStep < result.step ? result.shownEpoch : null;
  const splits: readonly Curve[] = [
    { label: "training", colour: palette.training },
    { label: "validation", colour: palette.validation, dash: DASH },
  ];
  const penalised: readonly Curve[] = [
    { label: "training with penalty", colour: palette.training, ...DOTTED },
    { label: "validation with penalty", colour: palette.validation, ...DOTTED },
  ];
  const common = { lastEpoch, mark, palette };
  const [lowest, highest] = rangeOf(metric, known(lines.metric.flat()));
  const done = history.length / SCORES;
  const last = (score: number) => history[history.length - SCORES + score];
  const lastWith = (score: 0 | 2) => short(last(score) + penalty(done, score));
  const withPenalties = isPenalised && done > 0 ? `; with penalty ${lastWith(0)} and ${lastWith(2)}` : "";
  const described = (name: string, training: string, validation: string) =>
    done === 0
      ? `${name}: no epoch is done yet`
      : `${name} after ${counted(done, "epoch")}: ${training} in training, ${validation} in validation`;
  return (
    <section class="panel curves" aria-label="curves" {...picture("curves")}>
      <Chart
        {...common}
        part="curve_loss"
        title={isPenalised ? "loss without penalty" : "loss"}
        description={`${described(isPenalised ? "Loss without penalty" : "Loss", short(last(0)), short(last(2)))}${withPenalties}`}
        epochs={shown}
        values={lines.loss}
        curves={isPenalised ? [...splits, ...penalised] : splits}
        low={0}
        high={1.05 * most(lines.loss.flat(), 0.25)}
      />
      <Chart
        {...common}
        part="curve_metric"
        title={metric === "accuracy" ? "accuracy (%)" : name}
        description={described(name.slice(0, 1).toUpperCase() + name.slice(1), write(last(1)), write(last(3)))}
        epochs={shown}
        values={lines.metric}
        curves={splits}
        low={lowest}
        high={highest}
      />
      <Chart
        {...common}
        part="curve_rate"
        title="learning rate"
        description={`Learning rate, from ${short(rates?.rates[0] ?? NaN)} to ${short(rates?.rates.at(-1) ?? NaN)}`}
        epochs={rates?.epochs ?? NO_NUMBERS}
        values={[rates?.rates ?? NO_NUMBERS]}
        curves={[{ label: "learning rate", colour: palette.muted }]}
        low={0}
        high={1.15 * most(Array.from(rates?.rates ?? []), 1)}
      />
      <HelpMark part="curves" name="curves" />
      <ul class="legend curves-legend" aria-label="the splits of the curves">
        <li>
          <i class="stroke" style={{ background: css(palette.training) }} /> training
        </li>
        <li>
          <i class="stroke dashed" style={{ borderColor: css(palette.validation) }} /> validation
        </li>
        {isPenalised && (
          <li>
            <i class="stroke dotted" style={{ borderColor: css(palette.muted) }} /> with penalty
          </li>
        )}
        <li>epoch →</li>
      </ul>
    </section>
  );
}

/** The ends of a metric's axis. R² far below that of the mean, as in the first epochs, lies below its low end. */
function rangeOf(metric: Metric, values: readonly number[]): readonly [number, number] {
  const lowest = values.reduce((a, b) => Math.min(a, b), Infinity);
  if (metric === "accuracy" && values.length === 0) return [0, 100.5]; // where the curves will be is not known
  if (metric === "accuracy") return [Math.max(0, Math.min(100, lowest) - 3), 100.5];
  if (metric === "r2") return [Math.max(-1, Math.min(0.9, lowest)) - 0.05, 1.02];
  return [0, 1.05 * most(values, 1)];
}

/** The latest result, or while the network trains one that is not older than PACE. */
function useSlowly(latest: Result | null): Result | null {
  const kept = useRef({ result: latest, at: -Infinity });
  const { result, at } = kept.current;
  const isFresh = performance.now() - at < PACE;
  if (!(latest?.playing && result?.training === latest.training && isFresh))
    kept.current = { result: latest, at: performance.now() };
  return kept.current.result;
}

const NO_NUMBERS = new Float64Array(0);

/** Epochs done, counted from 1: all, or some of many, and always the last. */
function shownEpochs(done: number): number[] {
  const every = Math.ceil(Math.max(done, 1) / MOST);
  const epochs: number[] = [];
  for (let epoch = done; epoch > 0; epoch -= every) epochs.unshift(epoch);
  return epochs;
}

function most(values: readonly (number | null)[], none: number): number {
  const numbers = known(values);
  return numbers.length === 0 ? none : Math.max(1e-9, ...numbers);
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}
