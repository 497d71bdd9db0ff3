// The plane: which class the network answers where, and the points, wrong ones ringed.

import { useMemo, useRef, useState } from "preact/hooks";

import type { SplitName } from "../engine/stepper.ts";
import type { Extent, PlanePoints, Result } from "../worker/messages.ts";
import { Canvas, font, placeOn } from "./canvas.tsx";
import { classColour, css, type Palette } from "./colours.ts";
import { makeKeptPicture } from "./kept_picture.ts";
import { addMark } from "./marks.ts";
import { percent, short } from "./numbers.ts";
import { paintRegions } from "./regions.ts";

interface Properties {
  readonly result: Result | null;
  readonly points: PlanePoints | null;
  readonly splits: readonly SplitName[];
  readonly palette: Palette;
}

/** Where the plane stands on its canvas. */
interface Viewport {
  readonly side: number;
  readonly left: number;
  readonly top: number;
  readonly extent: Extent;
}

interface Tip {
  readonly left: number;
  readonly top: number;
  readonly lines: readonly string[];
}

export function Plane({ result, points, splits, palette }: Properties) {
  const [tip, setTip] = useState<Tip | null>(null);
  const image = useMemo(() => document.createElement("canvas"), []);
  const marks = useMemo(makeKeptPicture, []);
  const painted = useRef<readonly unknown[]>([]);

  function paint(context: CanvasRenderingContext2D, width: number, height: number, unit: number): void {
    if (result === null || points === null) return;
    const viewport = viewportOf(width, height, points.extent);
    if (painted.current[0] !== result.regions || painted.current[1] !== palette) {
      paintRegions(image, result.regions, palette);
      painted.current = [result.regions, palette];
    }
    context.imageSmoothingEnabled = true;
    context.drawImage(image, viewport.left, viewport.top, viewport.side, viewport.side);
    // A few wrong among many right must not hide; where many are wrong, rings would hide the points.
    const rings = wrongAnswers(result, points, splits, viewport);
    if (rings.manyAreWrong) paintRings(context, rings.path, palette);
    marks.draw(context, [points, splits.join(), palette], (onMarks) =>
      paintMarks(onMarks, points, splits, viewport, palette),
    );
    if (!rings.manyAreWrong) paintRings(context, rings.path, palette);
    paintAxes(context, viewport, palette, unit);
  }

  function tell(event: PointerEvent): void {
    if (result === null || points === null) return;
    const canvas = event.currentTarget as HTMLCanvasElement;
    const [x, y] = placeOn(canvas, event);
    const viewport = viewportOf(canvas.clientWidth, canvas.clientHeight, points.extent);
    const lines = answerAt(result, toPlane(viewport, x, y), points.extent);
    const isRight = x > canvas.clientWidth / 2;
    setTip(lines === null ? null : { left: isRight ? x - 150 : x + 16, top: Math.max(0, y - 30), lines });
  }

  const label = result === null ? "The plane, which is being drawn" : describePlane(result, splits);
  return (
    <div class="plane-box">
      <Canvas label={label} paint={paint} attributes={{ onPointerMove: tell, onPointerLeave: () => setTip(null) }} />
      {tip !== null && (
        <div class="tip" style={{ left: `${tip.left}px`, top: `${tip.top}px` }}>
          {tip.lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      )}
    </div>
  );
}

function describePlane({ sizes, scores }: Result, splits: readonly SplitName[]): string {
  const classes = sizes[sizes.length - 1];
  const shown = splits.map((split) => `${percent(scores[split].accuracy)} of the ${split} points are right`).join(", ");
  return `The plane: which of ${classes} classes the network answers where, and the points; ${shown}`;
}

function viewportOf(width: number, height: number, extent: Extent): Viewport {
  const side = Math.min(width, height);
  return { side, left: (width - side) / 2, top: (height - side) / 2, extent };
}

function toPixels({ side, left, top, extent: [a, b, c, d] }: Viewport, x1: number, x2: number): [number, number] {
  return [left + ((x1 - a) / (b - a)) * side, top + ((d - x2) / (d - c)) * side];
}

function toPlane({ side, left, top, extent: [a, b, c, d] }: Viewport, x: number, y: number): [number, number] {
  return [a + ((x - left) / side) * (b - a), d - ((y - top) / side) * (d - c)];
}

/** A point's coordinates, and the largest outputs there. */
function answerAt({ regions }: Result, [x1, x2]: [number, number], [a, b, c, d]: Extent): string[] | null {
  if (x1 < a || x1 > b || x2 < c || x2 > d) return null;
  const { side, numbers } = regions;
  const at = Math.round(((x2 - c) / (d - c)) * (side - 1)) * side + Math.round(((x1 - a) / (b - a)) * (side - 1));
  const outputs = Array.from({ length: numbers.length / side ** 2 }, (_, k) => numbers[k * side * side + at]);
  const largest = outputs.map((p, k) => ({ p, k })).sort((one, other) => other.p - one.p);
  return [
    `x₁ ${short(x1)}   x₂ ${short(x2)}`,
    ...largest.slice(0, 3).map(({ p, k }) => `class ${k}: ${Number.isFinite(p) ? `${(100 * p).toFixed(1)} %` : "–"}`),
  ];
}

function radiusOf(samples: number, { side }: Viewport): number {
  return (side / 354) * Math.max(1.7, Math.min(4.5, 60 / Math.sqrt(samples)));
}

function paintMarks(
  context: CanvasRenderingContext2D,
  points: PlanePoints,
  splits: readonly SplitName[],
  viewport: Viewport,
  palette: Palette,
): void {
  for (const split of splits) {
    const { x, y } = points.splits[split];
    const radius = radiusOf(y.length, viewport);
    const paths = new Map<number, Path2D>();
    y.forEach((label, i) => {
      const path = paths.get(label) ?? new Path2D();
      paths.set(label, path);
      addMark(path, label, ...toPixels(viewport, x[2 * i], x[2 * i + 1]), radius);
    });
    context.lineWidth = 0.8;
    for (const [label, path] of paths) {
      context.fillStyle = css(classColour(palette, label));
      context.fill(path);
      context.strokeStyle = css(palette.surface, 0.85);
      if (radius > 2) context.stroke(path);
    }
  }
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
      const [px, py] = toPixels(viewport, x[2 * i], x[2 * i + 1]);
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

function paintAxes(context: CanvasRenderingContext2D, viewport: Viewport, palette: Palette, unit: number): void {
  const { side, left, top, extent } = viewport;
  const [a, b, c, d] = extent;
  context.strokeStyle = css(palette.line);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  context.font = font(11 * unit);
  context.fillStyle = css(palette.muted);
  context.strokeStyle = css(palette.surface, 0.8);
  context.lineWidth = 3;
  const put = (text: string, x: number, y: number, align: CanvasTextAlign) => {
    context.textAlign = align;
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  };
  put(short(a), left + 6, top + side - 7, "left");
  put("x₁", left + side / 2, top + side - 7, "center");
  put(short(b), left + side - 6, top + side - 7, "right");
  put(short(d), left + 6, top + 12 * unit + 3, "left");
  put("x₂", left + 6, top + side / 2, "left");
  put(short(c), left + 6, top + side - 8 - 12 * unit, "left");
}
