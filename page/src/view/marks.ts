// The marks of the points: a shape for each class, besides its colour; discs for targets.

import { classColour, css, surfaceColour, type Palette } from "./colours.ts";
import { placeOn, type Scale } from "./surface.ts";
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
  labels: Float32Array,
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

const LEVELS = 48; // of a target's colour: each is a path

/** Paint a disc for each target, in the colour that it has on the scale. */
export function paintTargets(
  context: CanvasRenderingContext2D,
  targets: Float32Array,
  scale: Scale,
  placeOf: (i: number) => Place,
  radius: number,
  palette: Palette,
): void {
  const paths = Array.from({ length: LEVELS }, () => new Path2D());
  targets.forEach((target, i) => {
    const [x, y] = placeOf(i);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    addMark(paths[Math.round(placeOn(scale, target) * (LEVELS - 1))], 0, x, y, radius);
  });
  context.lineWidth = 1.8; // half of it is seen
  context.strokeStyle = css(palette.surface, 0.9);
  paths.forEach((path, level) => {
    context.stroke(path); // without a rim, a point whose prediction is right could not be seen
    context.fillStyle = css(surfaceColour(level / (LEVELS - 1)));
    context.fill(path);
  });
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
