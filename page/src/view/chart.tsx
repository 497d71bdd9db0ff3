// A chart of curves over the epochs, by uPlot.

import { useEffect, useRef } from "preact/hooks";
import Plot from "uplot";

import { unitOfType } from "./canvas.tsx";
import { css, type Colour, type Palette } from "./colours.ts";
import { about } from "./help/help.ts";
import type { Part } from "./help/texts.ts";
import { short, tick } from "./numbers.ts";

const TITLE = 22; // pixels, for letters of 14
const EPOCHS_APART = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]; // ticks of the axis below
const FEW = 30;

export interface Curve {
  readonly label: string;
  readonly colour: Colour;
  readonly dash?: readonly number[];
  /** Up to so many points, each has a dot. */
  readonly few?: number;
}

interface Properties {
  /** Of the help. */
  readonly part: Part;
  readonly title: string;
  readonly description: string;
  readonly epochs: ArrayLike<number>;
  readonly values: readonly ArrayLike<number | null>[];
  readonly curves: readonly Curve[];
  readonly lastEpoch: number;
  readonly low: number;
  readonly high: number;
  /** Epoch that one looks back to; null for now. */
  readonly mark: number | null;
  readonly palette: Palette;
}

export function Chart(properties: Properties) {
  const { part, title, description, epochs, values, curves, lastEpoch, low, high, mark, palette } = properties;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const latest = useRef(properties);
  latest.current = properties;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const unit = unitOfType();
    const axis = {
      stroke: css(palette.muted),
      font: `${11 * unit}px system-ui, sans-serif`,
      grid: { stroke: css(palette.line), width: 1 },
      ticks: { stroke: css(palette.line), size: 4 },
      gap: 4,
    };
    const made = new Plot(
      {
        width: Math.max(60, element.clientWidth),
        height: Math.max(60, element.clientHeight),
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { size: 6 }, y: false },
        scales: {
          x: { time: false, range: () => [0, latest.current.lastEpoch] },
          y: { range: () => [latest.current.low, latest.current.high] },
        },
        axes: [
          { ...axis, size: 20 * unit, space: 36 * unit, grid: { show: false }, incrs: [...EPOCHS_APART] },
          {
            ...axis,
            size: (_, ticks) => unit * (14 + 6.6 * longest(ticks)),
            space: 26 * unit,
            values: (_, ticks) => ticks.map(tick),
          },
        ],
        series: [
          {},
          ...curves.map(({ label, colour, dash, few = FEW }) => ({
            label,
            stroke: css(colour),
            width: 2,
            dash: [...(dash ?? [])],
            points: { show: () => latest.current.epochs.length <= few, size: 5 },
          })),
        ],
        hooks: { draw: [(drawn) => paintMark(drawn, latest.current.mark, palette)], setCursor: [showValues] },
      },
      dataOf(latest.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [palette, curves.map(({ label }) => label).join()]);

  useEffect(() => plot.current?.setData(dataOf(properties)), [epochs, ...values, lastEpoch, low, high, mark]);

  function showValues(drawn: Plot): void {
    const output = box.current?.parentElement?.querySelector("output");
    if (output === null || output === undefined) return;
    const { idx } = drawn.cursor;
    const { epochs: all, values: lines } = latest.current;
    output.textContent =
      idx === null || idx === undefined || idx >= all.length
        ? ""
        : `epoch ${short(all[idx])}: ${lines.map((line) => short(line[idx] ?? NaN)).join(", ")}`;
  }

  return (
    <figure class="chart" aria-label={description}>
      <figcaption {...about(part)} style={{ minHeight: `${TITLE / 14}rem` }}><span>{title}</span> <output /></figcaption>
      <div class="chart-box" ref={box} aria-hidden="true" />
    </figure>
  );
}

function dataOf({ epochs, values }: Properties): Plot.AlignedData {
  return [Array.from(epochs), ...values.map((line) => Array.from(line))] as Plot.AlignedData;
}

/** Letters of the longest of some texts, which are not there before the first drawing. */
function longest(texts: readonly string[] | null): number {
  return Math.max(3, ...(texts ?? []).map((text) => text.length));
}

function paintMark(plot: Plot, mark: number | null, palette: Palette): void {
  if (mark === null) return;
  const { ctx: context, bbox } = plot;
  const x = plot.valToPos(mark, "x", true);
  context.save();
  context.strokeStyle = css(palette.ink);
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(x, bbox.top);
  context.lineTo(x, bbox.top + bbox.height);
  context.stroke();
  context.restore();
}
