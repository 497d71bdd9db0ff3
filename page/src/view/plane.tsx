// The plane: which class the network answers where, and the points, wrong ones ringed; or a target as a surface.

import { useMemo, useRef, useState } from "preact/hooks";

import type { SplitName } from "../engine/experiment.ts";
import { counted } from "../text/sentence.ts";
import type { Extent, PlanePoints, Result } from "../worker/messages.ts";
import { Canvas, placeOn, type Surface, write } from "./canvas.tsx";
import { css, type Palette } from "./colours.ts";
import { makeKeptPicture } from "./kept_picture.ts";
import { paintLinearRegions } from "./linear_regions.ts";
import { paintMarks, paintTargets } from "./marks.ts";
import { METRICS } from "./metrics.ts";
import { percent, short } from "./numbers.ts";
import type { Overlay } from "./overlay.ts";
import { paintRegions } from "./regions.ts";
import { paintSurface, type Scale } from "./surface.ts";
import { distance, toPixels, toPlane, viewportOf, type Place, type Viewport } from "./viewport.ts";

const NEAR = 8; // pixels from a point that still point at it
const LONGEST_NAME = 14; // characters of a class's name that are told

interface Properties {
  /** Null while there is no network of these points. */
  readonly result: Result | null;
  readonly points: PlanePoints | null;
  /** Whether the result's answers are to these points: wrong ones are ringed. */
  readonly isAnswered: boolean;
  readonly splits: readonly SplitName[];
  /** What the classes are called. */
  readonly names: readonly string[];
  /** Of the target; null where there are classes. */
  readonly scale: Scale | null;
  readonly palette: Palette;
  readonly overlay: Overlay | null;
}

export function Plane({ result, points: given, isAnswered, splits, names, scale, palette, overlay }: Properties) {
  const [pointer, setPointer] = useState<Place | null>(null);
  const image = useMemo(() => document.createElement("canvas"), []);
  const marks = useMemo(makeKeptPicture, []);
  const edges = useMemo(makeKeptPicture, []);
  const painted = useRef<readonly unknown[]>([]);
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const points = overlay?.points ?? given;

  function paint(surface: Surface): void {
    const { context, width, height } = surface;
    canvas.current = context.canvas;
    if (points === null) return;
    const viewport = viewportOf(width, height, points.extent);
    if (result !== null) {
      if (painted.current[0] !== result.regions || painted.current[1] !== palette) {
        if (scale === null) paintRegions(image, result.regions, palette);
        else paintSurface(image, result.regions, scale, palette);
        painted.current = [result.regions, palette];
      }
      context.imageSmoothingEnabled = true;
      context.drawImage(image, viewport.left, viewport.top, viewport.side, viewport.side);
      const { linearRegions } = result;
      if (linearRegions !== null)
        edges(context, [linearRegions, points.extent, palette], (on) =>
          paintLinearRegions(on, linearRegions, viewport, palette),
        );
    }
    // A few wrong among many right must not hide; where many are wrong, rings would hide the points.
    const rings = isAnswered && result !== null && scale === null ? wrongAnswers(result, points, splits, viewport) : null;
    if (rings?.manyAreWrong) paintRings(context, rings.path, palette);
    marks(context, [points, splits.join(), palette], (onMarks) =>
      splits.forEach((split) => {
        const { x, y } = points.splits[split];
        const placeOf = (i: number) => toPixels(viewport, [x[2 * i], x[2 * i + 1]]);
        const radius = radiusOf(y.length, viewport);
        if (scale === null) paintMarks(onMarks, y, placeOf, radius, palette);
        else paintTargets(onMarks, y, scale, placeOf, radius, palette);
      }),
    );
    if (rings?.manyAreWrong === false) paintRings(context, rings.path, palette);
    paintAxes(surface, viewport, palette);
    overlay?.paint(surface, viewport, palette);
  }

  /** Ask what lies over the plane; a place is told of where it takes nothing. */
  function ask(what: "down" | "move" | "up", event: PointerEvent): void {
    const on = event.currentTarget as HTMLCanvasElement;
    if (points === null || (what === "down" && event.button !== 0)) return;
    const at = placeOn(on, event);
    const isTaken = overlay?.[what](event, at, viewportOf(on.clientWidth, on.clientHeight, points.extent)) ?? false;
    if (isTaken && what === "down") on.setPointerCapture(event.pointerId);
    setPointer(isTaken ? null : at);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const on = event.currentTarget as HTMLCanvasElement;
    if (points === null || overlay === null) return;
    if (!overlay.key(event, viewportOf(on.clientWidth, on.clientHeight, points.extent))) return;
    event.preventDefault();
    event.stopPropagation();
    setPointer(null);
  }

  const at = pointer ?? overlay?.at ?? null;
  const tip = at === null || points === null ? null : tipAt(at, canvas.current, result, points, splits, names);
  const label = describePlane(result, points, splits);
  const style = { cursor: overlay?.cursor ?? "crosshair", touchAction: overlay?.isDragged === true ? "none" : "" };
  return (
    <div class="plane-box">
      <Canvas
        label={overlay === null ? label : `${label}. ${overlay.hint}`}
        paint={paint}
        attributes={{
          style,
          ...(overlay === null ? {} : { tabIndex: 0, role: "application" }),
          onPointerDown: (event: PointerEvent) => ask("down", event),
          onPointerMove: (event: PointerEvent) => ask("move", event),
          onPointerUp: (event: PointerEvent) => ask("up", event),
          onPointerCancel: (event: PointerEvent) => ask("up", event),
          onPointerLeave: () => setPointer(null),
          onKeyDown,
          onBlur: () => overlay?.blur(),
        }}
      />
      <div class="unseen" role="status">
        {pointer === null && tip !== null ? tip.lines.join("; ") : ""}
      </div>
      {tip !== null && (
        <div class="tip" style={tip.style}>
          {tip.lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      )}
    </div>
  );
}

/** What there is to say of a place on the canvas; null outside the plane. */
function tipAt(
  [x, y]: Place,
  canvas: HTMLCanvasElement | null,
  result: Result | null,
  points: PlanePoints,
  splits: readonly SplitName[],
  names: readonly string[],
) {
  if (canvas === null) return null;
  const { clientWidth: width, clientHeight: height } = canvas;
  const viewport = viewportOf(width, height, points.extent);
  const answer = answerAt(result, toPlane(viewport, [x, y]), points.extent, names);
  const lines = answer === null ? null : [...answer, ...pointAt([x, y], viewport, result, points, splits)];
  const side = x > 0.46 * width ? { right: `${width - x + 16}px` } : { left: `${x + 16}px` };
  return lines === null ? null : { lines, style: { ...side, top: `${Math.max(0, y - 30)}px` } };
}

function describePlane(result: Result | null, points: PlanePoints | null, splits: readonly SplitName[]): string {
  if (points === null) return "The plane, which is being drawn";
  if (result === null) {
    const count = splits.reduce((sum, split) => sum + points.splits[split].y.length, 0);
    return `The plane with ${counted(count, "point")}, of which there is no network yet`;
  }
  const { classes, scores, metric } = result;
  if (classes === 0) {
    const { name, write } = METRICS[metric];
    const shown = splits.map((split) => `${name} of the ${split} points ${write(scores[split].metric)}`).join(", ");
    return `The plane: what the network predicts where, and the points in the colours of their targets; ${shown}`;
  }
  const shown = splits.map((split) => `${percent(scores[split].metric)} of the ${split} points are right`).join(", ");
  return `The plane: which of ${classes} classes the network answers where, and the points; ${shown}`;
}

/** A place's coordinates, and the most probable classes there. */
function answerAt(
  result: Result | null,
  [x1, x2]: Place,
  [a, b, c, d]: Extent,
  names: readonly string[],
): string[] | null {
  if (x1 < a || x1 > b || x2 < c || x2 > d) return null;
  const place = `x₁ ${short(x1)}   x₂ ${short(x2)}`;
  if (result === null) return [place];
  const { side, numbers } = result.regions;
  const at = Math.round(((x2 - c) / (d - c)) * (side - 1)) * side + Math.round(((x1 - a) / (b - a)) * (side - 1));
  if (result.classes === 0) return [place, `predicted ${short(numbers[at])}`];
  const probabilities = Array.from({ length: numbers.length / side ** 2 }, (_, k) => numbers[k * side * side + at]);
  const largest = probabilities.map((p, k) => ({ p, k })).sort((one, other) => other.p - one.p);
  const told = largest.slice(0, 3).map(({ p, k }) => {
    return `${labelOf(names[k] ?? String(k))}: ${Number.isFinite(p) ? `${(100 * p).toFixed(1)} %` : "–"}`;
  });
  return [place, ...told];
}

/** Target and residual of the point of a target that is nearest to a place on the canvas, if one is near. */
function pointAt(
  at: Place,
  viewport: Viewport,
  result: Result | null,
  points: PlanePoints,
  splits: readonly SplitName[],
): string[] {
  if (result === null || result.classes > 0) return [];
  let nearest: readonly [SplitName, number] | null = null;
  let least = NEAR;
  for (const split of splits) {
    const { x, y } = points.splits[split];
    for (let i = 0; i < y.length; i++) {
      const away = distance(at, toPixels(viewport, [x[2 * i], x[2 * i + 1]]));
      if (away < least) [nearest, least] = [[split, i], away];
    }
  }
  if (nearest === null) return [];
  const [split, i] = nearest;
  const target = points.splits[split].y[i];
  const predicted = result.predictions[split]?.[i] ?? NaN;
  return [`${split === "train" ? "training" : split} point: target ${short(target)}`, `predicted ${short(predicted)}, residual ${short(target - predicted)}`];
}

/** What a class is called beside the pointer. */
function labelOf(name: string): string {
  if (/^\d+$/.test(name)) return `class ${name}`;
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}

function radiusOf(samples: number, { side }: Viewport): number {
  return (side / 354) * Math.max(1.7, Math.min(4.5, 60 / Math.sqrt(samples)));
}

function wrongAnswers(result: Result, points: PlanePoints, splits: readonly SplitName[], viewport: Viewport) {
  const path = new Path2D();
  let all = 0;
  let wrong = 0;
  for (const split of splits) {
    const { x, y } = points.splits[split];
    const answered = result.answers[split] ?? y;
    const around = 1.5 * radiusOf(y.length, viewport) + 0.6;
    all += y.length;
    y.forEach((label, i) => {
      if (answered[i] === label) return;
      const [px, py] = toPixels(viewport, [x[2 * i], x[2 * i + 1]]);
      path.moveTo(px + around, py);
      path.arc(px, py, around, 0, 2 * Math.PI);
      wrong += 1;
    });
  }
  return { path, manyAreWrong: wrong > all / 8 };
}

function paintRings(context: CanvasRenderingContext2D, path: Path2D, palette: Palette): void {
  context.strokeStyle = css(palette.wrong);
  context.lineWidth = 1.3;
  context.stroke(path);
}

function paintAxes(surface: Surface, { side, left, top, extent }: Viewport, palette: Palette): void {
  const { context, unit } = surface;
  const [a, b, c, d] = extent;
  context.strokeStyle = css(palette.line);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  const put = (text: string, x: number, y: number, align: CanvasTextAlign) =>
    write(surface, text, x, y, { colour: palette.muted, halo: palette.surface, align });
  put(short(a), left + 6, top + side - 7, "left");
  put("x₁", left + side / 2, top + side - 7, "center");
  put(short(b), left + side - 6, top + side - 7, "right");
  put(short(d), left + 6, top + 12 * unit + 3, "left");
  put("x₂", left + 6, top + side / 2, "left");
  put(short(c), left + 6, top + side - 8 - 12 * unit, "left");
}
