// The weights of each layer as a histogram, their gradient, and how many neurons answer the same all over the plane.

import type { Result } from "../worker/messages.ts";
import { Canvas, type Surface, write } from "./canvas.tsx";
import { css, type Palette } from "./colours.ts";
import { SignLegend } from "./legends.tsx";
import { short } from "./numbers.ts";

const BINS = 31; // odd, so that zero has a bin of its own
const ROW = 3.4; // height of a layer's histogram, in sizes of the type

interface Layer {
  readonly name: string;
  /** Weights in each bin, from the most negative to the most positive. */
  readonly counts: readonly number[];
  readonly unknown: number;
  /** The size of the gradient, as it is written; empty where none is known. */
  readonly gradient: string;
  /** Neurons that answer the same all over the plane, as one of relu does that is never active. */
  readonly constant: number;
  readonly neurons: number;
}

export function Histograms({ result, palette }: { readonly result: Result; readonly palette: Palette }) {
  const largest = largestWeight(result);
  const layers = layersOf(result, largest);
  return (
    <div class="histograms">
      <p class="muted">
        Gradient: its root mean square in the last batch. Constant: neurons that answer the same all over the plane.
      </p>
      <SignLegend palette={palette} />
      <div style={{ position: "relative", height: `${ROW * layers.length + 1.4}rem` }}>
        <Canvas
          label={layers.map(describe).join("; ")}
          paint={(surface) => paint(surface, layers, largest, palette)}
        />
      </div>
    </div>
  );
}

function largestWeight({ layers }: Result): number {
  let largest = 0;
  for (const { weights } of layers)
    for (const weight of weights) if (Number.isFinite(weight)) largest = Math.max(largest, Math.abs(weight));
  return largest;
}

function layersOf(result: Result, largest: number): Layer[] {
  const { sizes, layers, gradients } = result;
  let before = sizes[0];
  return layers.map(({ weights, biases }, layer) => {
    const counts = Array<number>(BINS).fill(0);
    let unknown = 0;
    for (const weight of weights) {
      if (!Number.isFinite(weight)) unknown += 1;
      else counts[binOf(weight, largest)] += 1;
    }
    const first = before;
    before += biases.length;
    const constant = Array.from(biases).filter((_, i) => isConstant(result, first + i)).length;
    const name = layer === layers.length - 1 ? "outputs" : `layer ${layer + 1}`;
    const gradient = gradients === null ? "" : `gradient ${short(gradients[layer])}`;
    return { name, counts, unknown, gradient, constant, neurons: biases.length };
  });
}

/** The bin of a weight, of which the largest size is known. */
function binOf(weight: number, largest: number): number {
  const middle = (BINS - 1) / 2;
  return largest === 0 ? middle : middle + Math.round((weight / largest) * middle);
}

function isConstant({ responses }: Result, neuron: number): boolean {
  const points = responses.side ** 2;
  const answers = responses.numbers.subarray(neuron * points, (neuron + 1) * points);
  return answers.every((answer) => answer === answers[0]);
}

function describe({ name, counts, unknown, gradient, constant, neurons }: Layer): string {
  const middle = (BINS - 1) / 2;
  const sum = (from: number, to: number) => counts.slice(from, to).reduce((total, count) => total + count, 0);
  const known = `${sum(0, middle)} weights below zero, ${counts[middle]} about zero, ${sum(middle + 1, BINS)} above`;
  return `${name}: ${known}, ${unknown} no numbers; ${gradient === "" ? "" : `${gradient}; `}${constant} of ${neurons} neurons answer the same everywhere`;
}

function paint(surface: Surface, layers: readonly Layer[], largest: number, palette: Palette): void {
  const { context, width, height, unit } = surface;
  const left = 106 * unit;
  const step = (width - left - 8) / BINS;
  const row = (height - 18 * unit) / layers.length;
  const middle = (BINS - 1) / 2;
  const colour = palette.muted;
  layers.forEach(({ name, counts, gradient, constant, neurons }, i) => {
    const foot = (i + 1) * row;
    const most = Math.max(1, ...counts);
    counts.forEach((count, bin) => {
      const tall = ((row - 8 * unit) * count) / most;
      context.fillStyle = css(bin === middle ? palette.zero : bin < middle ? palette.negative : palette.positive);
      context.fillRect(left + bin * step, foot - tall, step - 1, tall);
    });
    context.fillStyle = css(palette.line);
    context.fillRect(left, foot, width - left - 8, 1);
    const lines = [name, gradient, constant > 0 ? `${constant} of ${neurons} constant` : ""].filter((line) => line !== "");
    lines.reverse().forEach((line, up) => write(surface, line, 2, foot - 2 - up * 13 * unit, { colour }));
  });
  write(surface, short(-largest), left, height - 4, { colour });
  write(surface, "weights", left + (width - left - 8) / 2, height - 4, { colour, align: "center" });
  write(surface, short(largest), width - 8, height - 4, { colour, align: "right" });
}
