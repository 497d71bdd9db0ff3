// A strip: each run a dot over an axis of test metrics, with the interquartile mean below, and a mark for this run.

import { useRef, useState } from "preact/hooks";

import type { Metric } from "../../spec/losses.ts";
import type { Estimate } from "../../statistics/estimates.ts";
import type { Run } from "../../statistics/summary.ts";
import { Canvas, placeOn, type Surface, write } from "../canvas.tsx";
import { css, type Palette } from "../colours.ts";
import { METRICS } from "../metrics.ts";
import { isTouch } from "./touch.ts";

const EDGE = 16; // pixels to the left and the right of the axis

interface Properties {
  readonly runs: readonly Run[];
  readonly metric: Metric;
  readonly range: Range;
  readonly typical: Estimate | null;
  /** Metric of the run that is shown, where it is compared with these. */
  readonly mine: number | null;
  readonly label: string;
  readonly palette: Palette;
  readonly onPick: (seed: string) => void;
}

interface Spot {
  readonly run: Run;
  readonly x: number;
  readonly y: number;
}

export function Strip({ runs, metric, range, typical, mine, label, palette, onPick }: Properties) {
  const [pointed, setPointed] = useState<Run | null>(null);
  const tapped = useRef<Run | null>(null);
  const { name, write: inUnit } = METRICS[metric];
  const shown = runs.filter((run) => run.ending !== "diverged" && Number.isFinite(run.metric));
  let spots: readonly Spot[] = [];
  let reach = 0;
  const at = (event: MouseEvent): Run | null => {
    const [x, y] = placeOn(event.currentTarget as Element, event);
    const away = (spot: Spot) => Math.hypot(spot.x - x, spot.y - y);
    const nearest = spots.reduce<Spot | null>((best, spot) => (best && away(best) <= away(spot) ? best : spot), null);
    return nearest !== null && away(nearest) <= reach ? nearest.run : null;
  };
  function paint(surface: Surface): void {
    const { context, width, height, unit } = surface;
    const foot = height - 24 * unit;
    const top = 15 * unit;
    const step = 7 * unit;
    const bins = Math.max(1, Math.floor((width - 2 * EDGE) / step));
    const along = (value: number) => EDGE + ((value - range.low) / (range.high - range.low)) * (width - 2 * EDGE);
    const dots = stackDots(shown.map((run) => run.metric), range, bins);
    const rise = Math.min(step, (foot - top) / Math.max(1, ...dots.map(({ height: up }) => up)));
    const radius = Math.min(0.46 * step, Math.max(rise, 2.2 * unit));
    reach = 1.6 * step;
    spots = dots.map(({ bin, height: up }, i) => ({
      run: shown[i],
      x: EDGE + (bin / bins) * (width - 2 * EDGE),
      y: foot - Math.max(radius, (up - 0.5) * rise),
    }));
    for (const { run, x, y } of spots) {
      context.fillStyle = css(run === pointed ? palette.ink : palette.accent, rise < 2 ? 0.4 : 0.65);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
    context.fillStyle = css(palette.line);
    context.fillRect(EDGE, foot, width - 2 * EDGE, 1);
    context.fillStyle = css(palette.ink);
    if (typical !== null) {
      const [low, high] = [typical.low, typical.high].map((end) => along(Math.min(range.high, Math.max(range.low, end))));
      context.fillRect(low, foot + 3, Math.max(2, high - low), 2.5);
      context.fillRect(along(typical.value) - 1, foot, 2, 8);
    }
    if (mine !== null) {
      const x = along(mine);
      context.fillRect(x - 1, top - 2, 2, 8 * unit);
      const align = x > width - 50 ? "right" : x < 50 ? "left" : "center";
      write(surface, "this run", x, top - 4, { colour: palette.ink, align });
    }
    const colour = palette.muted;
    const said = pointed === null ? `test ${name}` : inWords(pointed, metric);
    write(surface, inUnit(range.low), EDGE, height - 3, { colour });
    write(surface, said, width / 2, height - 3, { colour, align: "center" });
    write(surface, inUnit(range.high), width - EDGE, height - 3, { colour, align: "right" });
  }
  return (
    <Canvas
      className={pointed === null ? "strip" : "strip pointed"}
      label={label}
      paint={paint}
      attributes={{
        onPointerMove: (event) => !isTouch(event) && setPointed(at(event)),
        onPointerLeave: (event) => !isTouch(event) && setPointed(null),
        onClick: (event) => {
          const run = at(event);
          const isFirstTap = isTouch(event) && run !== tapped.current;
          tapped.current = run;
          if (isFirstTap) setPointed(run);
          else if (run !== null) onPick(run.seed);
        },
      }}
    />
  );
}

function inWords({ seed, metric: reached, ending }: Run, metric: Metric): string {
  return `seed ${seed}: ${METRICS[metric].write(reached)}${ending === "stuck" ? ", stuck" : ""}`;
}

/** The ends of an axis. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** Where a dot stands: its bin, counted from 0 at the low end, and its height in the bin, counted from 1. */
interface Dot {
  readonly bin: number;
  readonly height: number;
}

/** The part of a metric's axis that holds all of some values, at least one, and a margin. */
export function metricRange(values: readonly number[], metric: Metric): Range {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const least = metric === "mean_absolute_error" ? Math.max(1e-9, 0.01 * high) : 0.005;
  const margin = Math.max(least, 0.06 * (high - low));
  const [from, to] = ENDS[metric];
  return { low: Math.max(from, low - margin), high: Math.min(to, high + margin) };
}

/** The lowest and the highest value that there can be. */
const ENDS: Readonly<Record<Metric, readonly [number, number]>> = {
  accuracy: [0, 1],
  r2: [-Infinity, 1],
  mean_absolute_error: [0, Infinity],
};

/** Stack metrics, in their order, in bins whose centres divide the range into `bins` equal parts. */
export function stackDots(values: readonly number[], { low, high }: Range, bins: number): Dot[] {
  const heights = new Uint32Array(bins + 1);
  return values.map((value) => {
    const bin = Math.round(((value - low) / (high - low)) * bins);
    heights[bin] += 1;
    return { bin, height: heights[bin] };
  });
}
