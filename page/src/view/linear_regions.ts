// The edges of linear regions and the exact decision boundary, over the plane; and what is said of them.

import type { ShownRegions } from "../worker/messages.ts";
import { css, type Palette } from "./colours.ts";
import { count, short } from "./numbers.ts";
import { toPixels, type Viewport } from "./viewport.ts";

const FEW = 300; // regions up to which edges are as wide as can be,
const THINNEST = 0.35; // pixels
const TOGETHER = 2000; // edges of a path

/** Paint the edges, and the boundary upon them. */
export function paintLinearRegions(
  context: CanvasRenderingContext2D,
  regions: ShownRegions,
  viewport: Viewport,
  palette: Palette,
): void {
  if (regions.kind === "none" || regions.drawn === null) return;
  const { edges, boundary } = regions.drawn;
  context.save();
  context.beginPath();
  context.rect(viewport.left, viewport.top, viewport.side, viewport.side);
  context.clip();
  context.strokeStyle = css(palette.ink);
  context.lineWidth = Math.max(THINNEST, Math.sqrt(Math.min(1, FEW / regions.count)));
  context.globalAlpha = palette.dark ? 0.6 : 0.5;
  // Browsers are slow with paths of very many lines.
  for (let begin = 0; begin < edges.length; begin += 4 * TOGETHER)
    context.stroke(pathOf(edges.subarray(begin, begin + 4 * TOGETHER), viewport));
  context.globalAlpha = 1;
  context.lineWidth = 2.2;
  context.lineCap = "round";
  context.stroke(pathOf(boundary, viewport));
  context.restore();
}

/** Say how many regions there are, or why there are none. */
export function describeLinearRegions(regions: ShownRegions, hasClasses: boolean): string {
  if (regions.kind === "none") return regions.sentence;
  const noun = regions.count === 1 ? "linear region" : "linear regions";
  if (regions.drawn === null)
    return `${count(regions.count)} ${noun} after update ${count(regions.step)}; drawn when the training stands`;
  const boundary = hasClasses ? `; decision boundary ${short(regions.length)} long` : "";
  return `${count(regions.count)} ${noun}${boundary}`;
}

function pathOf(segments: Float32Array, viewport: Viewport): Path2D {
  const path = new Path2D();
  for (let i = 0; i < segments.length; i += 4) {
    path.moveTo(...toPixels(viewport, [segments[i], segments[i + 1]]));
    path.lineTo(...toPixels(viewport, [segments[i + 2], segments[i + 3]]));
  }
  return path;
}
