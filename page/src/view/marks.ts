// The marks of the points: a shape for each class, besides its colour.

import { classColour, css, type Palette } from "./colours.ts";
import type { Place } from "./viewport.ts";

type Corner = readonly [number, number];

const CORNERS: readonly (readonly Corner[])[] = [
  [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
  [[0, -1.3], [1.1, 0], [0, 1.3], [-1.1, 0]],
  [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
  [[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2],
    [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]],
];

/** Paint a mark for each label; a class is one path, as a thousand of them take long. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  labels: Uint8Array,
  placeOf: (i: number) => Place,
  radius: number,
  palette: Palette,
): void {
  const paths = new Map<number, Path2D>();
  labels.forEach((label, i) => {
    const path = paths.get(label) ?? new Path2D();
    paths.set(label, path);
    const [x, y] = placeOf(i);
    if (Number.isFinite(x) && Number.isFinite(y)) addMark(path, label, x, y, radius);
  });
  context.lineWidth = 1.6; // half of it is seen
  context.strokeStyle = css(palette.surface, 0.85);
  for (const [label, path] of paths) {
    if (radius > 2) context.stroke(path); // below the marks, lest a crowd of them be all edge
    context.fillStyle = css(classColour(palette, label));
    context.fill(path);
  }
}

function addMark(path: Path2D, label: number, x: number, y: number, radius: number): void {
  const shape = label % (CORNERS.length + 1);
  if (shape === 0) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  CORNERS[shape - 1].forEach(([dx, dy], i) => {
    if (i === 0) path.moveTo(x + dx * radius, y + dy * radius);
    else path.lineTo(x + dx * radius, y + dy * radius);
  });
  path.closePath();
}
