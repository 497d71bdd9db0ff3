// Where the plane stands on its canvas: from the plane's coordinates to pixels, and back.

import type { Extent } from "../worker/messages.ts";

export interface Viewport {
  readonly side: number;
  readonly left: number;
  readonly top: number;
  readonly extent: Extent;
}

/** A place: x1 and x2 in the plane, or pixels from the canvas's left and top. */
export type Place = readonly [number, number];

export function viewportOf(width: number, height: number, extent: Extent): Viewport {
  const side = Math.min(width, height);
  return { side, left: (width - side) / 2, top: (height - side) / 2, extent };
}

export function toPixels({ side, left, top, extent: [a, b, c, d] }: Viewport, [x1, x2]: Place): [number, number] {
  return [left + ((x1 - a) / (b - a)) * side, top + ((d - x2) / (d - c)) * side];
}

export function toPlane({ side, left, top, extent: [a, b, c, d] }: Viewport, [x, y]: Place): [number, number] {
  return [a + ((x - left) / side) * (b - a), d - ((y - top) / side) * (d - c)];
}

/** The nearest place within the plane's square. */
export function inside([x1, x2]: Place, [a, b, c, d]: Extent): [number, number] {
  return [Math.max(a, Math.min(b, x1)), Math.max(c, Math.min(d, x2))];
}

/** How far two places are apart. */
export function distance([x, y]: Place, [u, v]: Place): number {
  return Math.hypot(x - u, y - v);
}
