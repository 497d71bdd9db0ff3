// The loss landscape as a picture: levels of the loss, the path, its ends and the network that is shown.

import type { Grid, Landscape } from "../../worker/messages.ts";
import { type Surface, write } from "../canvas.tsx";
import { css, surfaceColour, type Colour, type Palette } from "../colours.ts";
import { tick } from "../numbers.ts";
import { paintSurface, type Scale } from "../surface.ts";

const LOWEST = 1e-4; // of the greatest loss that is shown: a loss of 0 has no logarithm
const NARROW = 1.5; // times the least loss: where the greatest is less, colours go in even steps
const WORST_SHOWN = 0.95; // of the losses: where the rest is far off, it shares a colour
const FAR = 3; // times the range of those
const FINE = 90; // points along a side, between which the picture is interpolated
const BANDS = 8; // between contour lines, about
const TICKS = [1, 2, 2.5, 5, 10]; // times a power of ten, how far apart ticks are
const MOST_TICKS = 6;

/** Room beside the plane for its axes, in units. */
const LEFT = 40;
const FOOT = 34;

/** Which losses have the ends of the colours. */
export interface LossColours {
  readonly low: number;
  readonly high: number;
  readonly isLogarithmic: boolean;
}

/** The losses on the grid as they are shown: with the penalty where it is wanted. */
export function shownLoss({ loss, penalty, isPenalised }: Landscape, withPenalty: boolean): Float64Array {
  return isPenalised && withPenalty ? loss.map((value, i) => value + penalty[i]) : loss;
}

/** From where to where the colours go, and in which steps. */
export function coloursOf(losses: Float64Array): LossColours {
  const known = losses.filter(Number.isFinite).sort();
  if (known.length === 0) return { low: 0, high: 1, isLogarithmic: false };
  let [low, high] = [known[0], known[known.length - 1]];
  const worst = known[Math.round(WORST_SHOWN * (known.length - 1))];
  if (worst > low && high - low > FAR * (worst - low)) high = worst;
  low = Math.max(low, LOWEST * high);
  if (!(high > low)) return { low: low - 0.5, high: low + 0.5, isLogarithmic: false };
  return { low, high, isLogarithmic: low > 0 && high >= NARROW * low };
}

/** Where a place of the plane lies on the canvas, and which place lies somewhere. */
export function scalesOf({ extent: [left, right, bottom, top] }: Landscape, { width, height, unit }: Pick<Surface, "width" | "height" | "unit">) {
  const [x0, x1, y0, y1] = [LEFT * unit, width - 6 * unit, height - FOOT * unit, 6 * unit];
  return {
    area: { x: x0, y: y1, width: x1 - x0, height: y0 - y1 },
    across: (x: number) => x0 + ((x - left) / (right - left)) * (x1 - x0),
    up: (y: number) => y0 + ((y - bottom) / (top - bottom)) * (y1 - y0),
    placeAt: (u: number, v: number): readonly [number, number] => [
      left + ((u - x0) / (x1 - x0)) * (right - left),
      bottom + ((v - y0) / (y1 - y0)) * (top - bottom),
    ],
  };
}

/** The colour of a loss: brighter where it is lower. */
function colourOf({ low, high, isLogarithmic }: LossColours, value: number): Colour {
  const inside = Math.max(low, Math.min(high, value));
  const from = isLogarithmic ? Math.log(inside / low) / Math.log(high / low) : (inside - low) / (high - low);
  return surfaceColour(1 - from);
}

/** Paint the levels of the loss: brighter where it is lower. */
export function paintLevels(image: HTMLCanvasElement, side: number, losses: Float64Array, colours: LossColours, palette: Palette): void {
  const { low, high, isLogarithmic } = colours;
  const place = (value: number) => (isLogarithmic ? -Math.log10(Math.max(value, low)) : -value);
  const scale: Scale = { low: place(high), high: place(low), step: (place(low) - place(high)) / BANDS };
  // What is not finite is as bad as the worst; only what is no number has no colour.
  const numbers = Float32Array.from(losses, (value) => (value === Infinity ? scale.low : Math.max(place(value), scale.low)));
  let grid: Grid = { side, numbers };
  while (grid.side < FINE) grid = doubled(grid);
  paintSurface(image, grid, scale, palette);
}

/** A grid with a point more between any two, so that contour lines are painted finely. */
function doubled({ side, numbers }: Grid): Grid {
  const more = 2 * side - 1;
  const at = (column: number, row: number) => numbers[row * side + column];
  const between = Float32Array.from({ length: more * more }, (_, i) => {
    const [column, row] = [(i % more) / 2, Math.floor(i / more) / 2];
    const [left, right, low, high] = [Math.floor(column), Math.ceil(column), Math.floor(row), Math.ceil(row)];
    return (at(left, low) + at(right, low) + at(left, high) + at(right, high)) / 4;
  });
  return { side: more, numbers: between };
}

interface Painted {
  readonly landscape: Landscape;
  readonly image: HTMLCanvasElement;
  /** Where the network that is shown lies, and where one points. */
  readonly present: readonly [number, number] | null;
  readonly probe: readonly [number, number] | null;
  readonly colours: LossColours;
  readonly withPenalty: boolean;
  readonly names: readonly [string, string];
  readonly palette: Palette;
}

export function paintLandscape(surface: Surface, painted: Painted): void {
  const { landscape, image, present, probe, names, palette } = painted;
  const { context, height, unit } = surface;
  const { area, across, up } = scalesOf(landscape, surface);
  context.imageSmoothingEnabled = true;
  context.drawImage(image, area.x, area.y, area.width, area.height);
  paintAxes(surface, landscape, palette);
  context.save();
  context.beginPath();
  context.rect(area.x, area.y, area.width, area.height);
  context.clip();
  const { places } = landscape.projection;
  const count = places.length / 2;
  paintOthers(surface, painted);
  for (const [colour, wide] of [["#1f2328", 3.4], ["#ffffff", 1.8]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = wide * unit;
    context.lineJoin = "round";
    context.beginPath();
    for (let i = 0; i < count; i++) context.lineTo(across(places[2 * i]), up(places[2 * i + 1]));
    context.stroke();
  }
  const at = (i: number) => [across(places[2 * i]), up(places[2 * i + 1])] as const;
  paintMark(surface, "square", at(0));
  if (present !== null) paintMark(surface, "ring", [across(present[0]), up(present[1])]);
  paintMark(surface, "star", at(count - 1));
  if (probe !== null) {
    const [u, v] = [across(probe[0]), up(probe[1])];
    for (const [colour, wide] of [["#1f2328", 3], ["#ffffff", 1.2]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = wide;
      context.beginPath();
      context.moveTo(u - 7 * unit, v);
      context.lineTo(u + 7 * unit, v);
      context.moveTo(u, v - 7 * unit);
      context.lineTo(u, v + 7 * unit);
      context.stroke();
    }
  }
  context.restore();
  write(surface, names[0], area.x + area.width / 2, height - 4 * unit, { colour: palette.muted, align: "center", width: area.width });
  context.save();
  context.translate(10 * unit, area.y + area.height / 2);
  context.rotate(-Math.PI / 2);
  write(surface, names[1], 0, 0, { colour: palette.muted, align: "center", width: area.height });
  context.restore();
}

/** Other runs as thin paths, their ends in the colours of their own losses. */
function paintOthers(surface: Surface, { landscape, colours, withPenalty }: Painted): void {
  const { context, unit } = surface;
  const { across, up } = scalesOf(landscape, surface);
  const { others } = landscape;
  context.strokeStyle = "rgba(255, 255, 255, 0.6)";
  context.lineWidth = 0.8 * unit;
  for (const { projection: { places } } of others) {
    context.beginPath();
    for (let i = 0; i < places.length; i += 2) context.lineTo(across(places[i]), up(places[i + 1]));
    context.stroke();
  }
  for (const { projection: { places }, loss, penalty } of others) {
    const [x, y] = places.slice(-2);
    context.beginPath();
    context.arc(across(x), up(y), 4.2 * unit, 0, 2 * Math.PI);
    context.fillStyle = css(colourOf(colours, withPenalty ? loss + penalty : loss));
    context.fill();
    for (const [colour, wide] of [["#1f2328", 1.8], ["#ffffff", 0.7]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = wide * unit;
      context.stroke();
    }
  }
}

type Mark = "square" | "star" | "ring";

/** A mark in white with a dark edge, which stands out of every level. */
export function paintMark({ context, unit }: Pick<Surface, "context" | "unit">, mark: Mark, [u, v]: readonly [number, number]): void {
  context.fillStyle = "#ffffff";
  context.strokeStyle = "#1f2328";
  context.lineWidth = 1.3 * unit;
  context.beginPath();
  if (mark === "square") context.rect(u - 4 * unit, v - 4 * unit, 8 * unit, 8 * unit);
  if (mark === "ring") context.arc(u, v, 7 * unit, 0, 2 * Math.PI);
  if (mark === "star")
    for (let i = 0; i < 10; i++) {
      const radius = (i % 2 === 0 ? 8 : 3.4) * unit;
      const angle = (i * Math.PI) / 5 - Math.PI / 2;
      context.lineTo(u + radius * Math.cos(angle), v + radius * Math.sin(angle));
    }
  context.closePath();
  if (mark !== "ring") context.fill();
  if (mark === "ring") {
    context.lineWidth = 4.2 * unit;
    context.stroke();
    context.strokeStyle = "#ffffff";
    context.lineWidth = 2 * unit;
  }
  context.stroke();
}

function paintAxes(surface: Surface, landscape: Landscape, palette: Palette): void {
  const { context, unit } = surface;
  const { area, across, up } = scalesOf(landscape, surface);
  const [left, right, bottom, top] = landscape.extent;
  const colour = palette.muted;
  context.strokeStyle = css(palette.muted);
  context.lineWidth = 1;
  for (const x of ticks(left, right)) {
    write(surface, tick(x), across(x), area.y + area.height + 15 * unit, { colour, align: "center" });
    line(context, across(x), area.y + area.height, across(x), area.y + area.height + 4 * unit);
  }
  for (const y of ticks(bottom, top)) {
    write(surface, tick(y), area.x - 6 * unit, up(y) + 4 * unit, { colour, align: "right" });
    line(context, area.x - 4 * unit, up(y), area.x, up(y));
  }
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Round numbers between two others. */
export function ticks(low: number, high: number): number[] {
  const least = (high - low) / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * (TICKS.find((factor) => factor * power >= least) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}
