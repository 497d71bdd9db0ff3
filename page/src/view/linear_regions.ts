// The edges of linear regions and the exact decision boundary, over the plane; and what is said of them.

import type { ShownRegions } from "../worker/messages.ts";
import { css, type Palette } from "./colours.ts";
import { count, short } from "./numbers.ts";
import { toPixels, type Viewport } from "./viewport.ts";

const FEW = 300; // regions up to which edges are as wide as can be

/** Paint the edges, and the boundary upon them. */
export function paintLinearRegions(
  context: CanvasRenderingContext2D,
  regions: ShownRegions,
  viewport: Viewport,
  palette: Palette,
): void {
  if (regions.kind === "none") return;
  context.save();
  context.beginPath();
  context.rect(viewport.left, viewport.top, viewport.side, viewport.side);
  context.clip();
  context.lineCap = "round";
  if (regions.edges !== null) {
    const crowd = Math.sqrt(Math.min(1, FEW / regions.count));
    context.lineWidth = Math.max(0.35, crowd);
    context.strokeStyle = css(palette.ink);
    context.globalAlpha = palette.dark ? 0.6 : 0.5;
    context.stroke(pathOf(regions.edges, viewport));
  }
  context.globalAlpha = 1;
  context.lineWidth = 2.2;
  context.strokeStyle = css(palette.ink);
  context.stroke(pathOf(regions.boundary, viewport));
  context.restore();
}

/** Say how many regions there are, or why there are none. */
export function describeLinearRegions(regions: ShownRegions, hasClasses: boolean): string {
  if (regions.kind === "none") return regions.sentence;
  const noun = regions.count === 1 ? "linear region" : "linear regions";
  const drawn = regions.edges === null ? ", too many to draw each" : "";
  const boundary = hasClasses ? `; decision boundary ${short(regions.length)} long` : "";
  return `${count(regions.count)} ${noun}${drawn}${boundary}`;
}

function pathOf(segments: Float32Array, viewport: Viewport): Path2D {
  const path = new Path2D();
  for (let i = 0; i < segments.length; i += 4) {
    path.moveTo(...toPixels(viewport, [segments[i], segments[i + 1]]));
    path.lineTo(...toPixels(viewport, [segments[i + 2], segments[i + 3]]));
  }
  return path;
}
