// Own points are added, moved, removed and given classes on the plane: by pointer, or by keys, which move a cross.

import { useState } from "preact/hooks";

import type { Sample } from "../../data/splits.ts";
import type { SplitName } from "../../engine/experiment.ts";
import type { Dispatch } from "../../state/actions.ts";
import type { OwnPointsAction } from "../../state/own_points.ts";
import type { OwnPoints, PointSet, PointTool } from "../../state/point_set.ts";
import type { Extent, PlanePoints } from "../../worker/messages.ts";
import { ARROWS } from "../arrows.ts";
import type { Surface } from "../canvas.tsx";
import { css, type Palette } from "../colours.ts";
import type { Overlay } from "../overlay.ts";
import { distance, inside, toPixels, toPlane, type Place, type Viewport } from "../viewport.ts";

const REACH = 14; // pixels within which a point is taken
const STEP = 8; // pixels that an arrow moves the cross; one with Shift
const STILL = 6; // pixels within which a press is a click, and no scrolling

const KEYS = "Arrows move a cross, with Shift by one pixel; Enter";
/** The cursor of each tool, and what the keys do. */
const TOOLS: Readonly<Record<Exclude<PointTool, "look">, readonly [string, string]>> = {
  add: ["copy", `${KEYS} adds a point there`],
  move: ["grab", `${KEYS} takes the point that is ringed and puts it down, Escape leaves it where it was`],
  remove: ["not-allowed", `${KEYS} removes the point that is ringed`],
  class: ["pointer", `${KEYS} gives the point that is ringed the class that is chosen`],
};

/** A point that is moved, where it is now, and by what: a pointer's number, or keys. */
interface Held {
  readonly point: Sample;
  readonly to: Place;
  readonly by: number | "keys" | "put down";
}

/** What lies over the plane while own points are edited; else null. */
export function usePointEditor(
  { set, tool }: OwnPoints,
  splits: readonly SplitName[],
  dispatch: Dispatch,
): Overlay | null {
  const [held, setHeld] = useState<Held | null>(null);
  const [cross, setCross] = useState<Place | null>(null);
  const [pressed, setPressed] = useState<Place | null>(null);
  if (set === null || tool === "look") return null;
  const { points, plane } = set;
  const [cursor, hint] = TOOLS[tool];

  const act = (made: OwnPointsAction) => dispatch({ kind: "own_points", act: made });

  function nearest(at: Place, viewport: Viewport): Sample | null {
    let found: Sample | null = null;
    let least = REACH;
    for (const point of points) {
      const { x1, x2, split } = point;
      const away = splits.includes(split) ? distance(toPixels(viewport, [x1, x2]), at) : Infinity;
      if (away < least) [found, least] = [point, away];
    }
    return found;
  }

  function use(at: Place, viewport: Viewport): void {
    const [x1, x2] = placeAt(at, viewport);
    if (tool === "add") return act({ kind: "add", x1, x2 });
    const point = nearest(at, viewport);
    if (point !== null && (tool === "remove" || tool === "class"))
      act({ kind: tool === "remove" ? "remove" : "set_class", point });
  }

  function take(at: Place, viewport: Viewport, by: number | "keys"): void {
    const point = nearest(at, viewport);
    if (point !== null) setHeld({ point, to: [point.x1, point.x2], by });
  }

  /** Put a point down; it stays on the picture until the state has it there. */
  function drop({ point }: Held, [x1, x2]: Place): void {
    setHeld({ point, to: [x1, x2], by: "put down" });
    act({ kind: "move", point, x1, x2 });
    requestAnimationFrame(() => setHeld(null));
  }

  function down(event: PointerEvent, at: Place, viewport: Viewport): boolean {
    setCross(null);
    if (tool === "move") take(at, viewport, event.pointerId);
    else setPressed(at);
    return true;
  }

  function move(event: PointerEvent, at: Place, viewport: Viewport): boolean {
    if (held?.by === event.pointerId) setHeld({ ...held, to: placeAt(at, viewport) });
    return false; // what is below the pointer is told all the same
  }

  function up(event: PointerEvent, at: Place, viewport: Viewport): void {
    const isDone = event.type === "pointerup";
    if (held?.by === event.pointerId) {
      if (isDone) drop(held, placeAt(at, viewport));
      else setHeld(null);
    }
    if (isDone && pressed !== null && distance(pressed, at) < STILL) use(at, viewport);
    setPressed(null);
  }

  function key(event: KeyboardEvent, viewport: Viewport): boolean {
    const isUndo = (event.ctrlKey || event.metaKey) && ["z", "Z", "y"].includes(event.key);
    if (isUndo) {
      act({ kind: event.key === "z" ? "undo" : "redo" });
      return true;
    }
    const arrow = ARROWS[event.key];
    const isOurs = arrow !== undefined || event.key === "Enter" || (event.key === "Escape" && held !== null);
    if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "Escape") {
      setHeld(null);
      return true;
    }
    const [x, y] = cross ?? [viewport.left + viewport.side / 2, viewport.top + viewport.side / 2];
    if (arrow !== undefined) {
      const step = event.shiftKey ? 1 : STEP;
      const { left, top, side } = viewport;
      const next = inside([x + step * arrow[0], y + step * arrow[1]], [left, left + side, top, top + side]);
      setCross(next);
      if (held?.by === "keys") setHeld({ ...held, to: placeAt(next, viewport) });
    } else if (cross === null) setCross([x, y]); // it is to be seen before it does something
    else if (!event.repeat) enter(cross, viewport);
    return true;
  }

  function enter(at: Place, viewport: Viewport): void {
    if (tool !== "move") use(at, viewport);
    else if (held?.by === "keys") drop(held, placeAt(at, viewport));
    else take(at, viewport, "keys");
  }

  function paint({ context }: Surface, viewport: Viewport, palette: Palette): void {
    if (cross === null) return;
    paintCross(context, cross, palette);
    const point = tool === "add" || held !== null ? null : nearest(cross, viewport);
    if (point === null) return;
    context.beginPath();
    context.arc(...toPixels(viewport, [point.x1, point.x2]), 8, 0, 2 * Math.PI);
    context.lineWidth = 2.5;
    context.strokeStyle = css(palette.accent);
    context.stroke();
  }

  return {
    hint,
    cursor: held === null ? cursor : "grabbing",
    isDragged: tool === "move",
    points: held === null ? plane : withMoved(set, held),
    at: cross,
    ...{ paint, down, move, up, key },
    blur: () => {
      setCross(null);
      if (held?.by === "keys") setHeld(null);
    },
  };
}

/** A place in the plane, with no more digits than a pixel has. */
function placeAt(at: Place, viewport: Viewport): Place {
  const [x1, x2] = inside(toPlane(viewport, at), viewport.extent);
  const digits = digitsOf(viewport.extent);
  return [Number(x1.toFixed(digits)), Number(x2.toFixed(digits))];
}

/** Decimals that tell a thousand places apart along the side of the plane. */
function digitsOf([left, right]: Extent): number {
  return Math.max(0, Math.min(20, 3 - Math.floor(Math.log10(right - left))));
}

/** The points on the plane, one of them elsewhere. */
function withMoved({ points, plane }: PointSet, { point, to }: Held): PlanePoints {
  const index = points.indexOf(point);
  if (index < 0) return plane;
  const before = points.slice(0, index).filter(({ split }) => split === point.split).length;
  const { x, y } = plane.splits[point.split];
  const moved = x.slice();
  moved.set(to, 2 * before);
  return { ...plane, splits: { ...plane.splits, [point.split]: { x: moved, y } } };
}

function paintCross(context: CanvasRenderingContext2D, [x, y]: Place, palette: Palette): void {
  const path = new Path2D(`M${x - 9} ${y}H${x + 9}M${x} ${y - 9}V${y + 9}`);
  const strokes = [
    [4, palette.surface],
    [1.5, palette.ink],
  ] as const;
  for (const [width, colour] of strokes) {
    context.lineWidth = width;
    context.strokeStyle = css(colour);
    context.stroke(path);
  }
}
