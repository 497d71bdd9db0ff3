// A target over the plane, as an image: one scale of colours for the surface that is predicted, the points and the legend.

import type { Grid, PlanePoints } from "../worker/messages.ts";
import { css, lined, pixel, surfaceColour, type Palette } from "./colours.ts";

const COLOURS = 256; // from the scale's low end to its high end
const FINEST = 360; // pixels along the side to which a grid is interpolated, at most,
const FINER = 4; // and so many for each of its points
const LINES = 10; // about so many contour lines over the scale
const STEPS = [1, 2, 5, 10]; // times a power of ten, how far apart contour lines are

/** The targets that have the first and the last colour, and how far apart contour lines are. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

const known = new WeakMap<PlanePoints, Scale>();

/** The scale that holds the targets of all points: it stays as it is while a network trains. */
export function scaleOf(points: PlanePoints): Scale {
  const found = known.get(points) ?? scaleAround(Object.values(points.splits).map(({ y }) => y));
  known.set(points, found);
  return found;
}

function scaleAround(targets: readonly Float32Array[]): Scale {
  let [low, high] = [Infinity, -Infinity];
  for (const y of targets)
    for (const value of y) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  const least = (high - low) / LINES;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * (STEPS.find((factor) => factor * power >= least) ?? 10);
  return { low, high, step };
}

/** Where a target lies on the scale, from 0 to 1; beyond its ends, at the end. */
export function placeOn({ low, high }: Scale, value: number): number {
  return Math.max(0, Math.min(1, (value - low) / (high - low)));
}

/** The scale's colours as a style sheet has them, from the low end to the high end. */
export function gradientOf(): string {
  const stops = Array.from({ length: 17 }, (_, i) => css(surfaceColour(i / 16)));
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}

/** The pixels of the scale, from its low end to its high end. */
export function pixelsOf(): Uint32Array {
  return Uint32Array.from({ length: COLOURS }, (_, i) => pixel(surfaceColour(i / (COLOURS - 1))));
}

/** Paint the surface with contour lines; what is predicted is interpolated between the grid's points. */
export function paintSurface(image: HTMLCanvasElement, { side, numbers }: Grid, scale: Scale, palette: Palette): void {
  const colours = pixelsOf();
  const lines = Uint32Array.from({ length: COLOURS }, (_, i) => pixel(lined(surfaceColour(i / (COLOURS - 1)))));
  const unknown = pixel(palette.line);
  const fine = Math.min(FINEST, FINER * side);
  if (image.width !== fine) image.width = image.height = fine;
  const context = image.getContext("2d");
  if (context === null) return;
  const data = context.createImageData(fine, fine);
  const pixels = new Uint32Array(data.data.buffer);
  const row = new Float32Array(side);
  const bands = new Float64Array(fine); // in the row above, and from the left on in this one
  const step = (side - 1) / (fine - 1);
  for (let v = 0; v < fine; v++) {
    const y = (fine - 1 - v) * step; // the first row of the grid is the lowest
    const low = Math.min(Math.floor(y), side - 2);
    const t = y - low;
    for (let j = 0; j < side; j++) row[j] = numbers[low * side + j] * (1 - t) + numbers[(low + 1) * side + j] * t;
    for (let u = 0; u < fine; u++) {
      const x = u * step;
      const left = Math.min(Math.floor(x), side - 2);
      const s = x - left;
      const value = row[left] * (1 - s) + row[left + 1] * s;
      const band = Math.floor(value / scale.step);
      const isLine = (u > 0 && bands[u - 1] !== band) || (v > 0 && bands[u] !== band);
      bands[u] = band;
      const colour = Math.round(placeOn(scale, value) * (COLOURS - 1));
      pixels[v * fine + u] = Number.isNaN(value) ? unknown : (isLine ? lines : colours)[colour];
    }
  }
  context.putImageData(data, 0, 0);
}
