// The line of task 3 on the plane: two handles turn it, what lies between shifts it.

import { useRef, useState } from "preact/hooks";

import { usualSide } from "../../boundary/findings.ts";
import { parseLine, sidesOf } from "../../boundary/line.ts";
import type { Dispatch } from "../../state/actions.ts";
import { appliesLine, draggingOf, networkNow } from "../../state/line.ts";
import { pointsOnPlane } from "../../state/point_set.ts";
import type { State } from "../../state/state.ts";
import { ARROWS } from "../arrows.ts";
import { type Surface, write } from "../canvas.tsx";
import { css, type Palette } from "../colours.ts";
import type { Overlay } from "../overlay.ts";
import { distance, inside, toPixels, toPlane, type Place, type Viewport } from "../viewport.ts";
import { between, clipped, type Ends, handlesOn, isNear, ofLine, ofNetwork, shifted, through, turned } from "./geometry.ts";

const HANDLE = 8; // pixels
const STEP = 0.01; // of the picture's side, that an arrow key shifts the line
const TURN = 0.02; // radians, likewise

/** A part of the line that is dragged: a handle, or what lies between. */
type Part = 0 | 1 | "between";

interface Held {
  readonly part: Part;
  readonly from: Place;
  readonly begun: Ends;
  readonly handles: Ends;
}

/** What lies over the plane while the tab of task 3 is open; else null. */
export function useLineHandles(state: State, dispatch: Dispatch): Overlay | null {
  const [held, setHeld] = useState<Held | null>(null);
  const [over, setOver] = useState<Part | null>(null);
  const last = useRef<Ends | null>(null);
  const byKeys = useRef<Ends | null>(null); // two keys may come before the page is drawn again
  const points = pointsOnPlane(state);
  if (state.tab !== "line" || !appliesLine(state) || points === null) return null;
  const { extent } = points;
  const line = parseLine(state.line.wanted);
  const now = networkNow(state);
  const drawn = now === null ? null : ofNetwork(now);
  const onDrawn = drawn === null ? null : handlesOn(drawn, last.current, extent);
  // Who drags the wanted line has the classes as the points have them.
  const isUsual = onDrawn !== null || usualSide(line, points.splits.train) !== sidesOf(line)[0];
  const wanted = ofLine(line, isUsual ? 1 : -1);
  const handles = held?.handles ?? onDrawn ?? handlesOn(wanted, last.current, extent);
  const isDrawn = held !== null || onDrawn !== null;
  last.current = handles;
  byKeys.current = draggingOf(state)?.ends ?? handles;

  const drag = (ends: Ends) => dispatch({ kind: "line", act: { kind: "drag", ends } });

  function find(event: PointerEvent, at: Place, viewport: Viewport): Part | null {
    if (handles === null) return null;
    const isFinger = event.pointerType === "touch";
    const [p, q] = handles.map((handle) => toPixels(viewport, handle));
    const nearest = distance(p, at) <= distance(q, at) ? 0 : 1;
    if (distance([p, q][nearest], at) <= (isFinger ? 22 : 13)) return nearest;
    const off = Math.abs((q[0] - p[0]) * (at[1] - p[1]) - (q[1] - p[1]) * (at[0] - p[0])) / distance(p, q);
    return off <= (isFinger ? 18 : 8) ? "between" : null;
  }

  function down(event: PointerEvent, at: Place, viewport: Viewport): boolean {
    const part = find(event, at, viewport);
    if (part === null || handles === null) return false;
    setHeld({ part, from: toPlane(viewport, at), begun: handles, handles });
    return true;
  }

  function move(event: PointerEvent, at: Place, viewport: Viewport): boolean {
    if (held === null) {
      setOver(find(event, at, viewport));
      return false;
    }
    const to = inside(toPlane(viewport, at), extent);
    const by: Place = [to[0] - held.from[0], to[1] - held.from[1]];
    const [p, q] = held.begun.map((h, i): Place => {
      return held.part === "between" || held.part === i ? [h[0] + by[0], h[1] + by[1]] : h;
    });
    // Both handles at one place, or a line out of the picture, give no line: the one before stays.
    const isApart = distance(toPixels(viewport, p), toPixels(viewport, q)) > 2 * HANDLE;
    if (isApart && clipped(through([p, q]), extent) !== null) {
      setHeld({ ...held, handles: [p, q] });
      drag([p, q]);
    }
    return true;
  }

  function key(event: KeyboardEvent): boolean {
    const arrow = ARROWS[event.key];
    const there = byKeys.current;
    if (arrow === undefined || there === null || event.ctrlKey || event.metaKey || event.altKey) return false;
    const [right, up] = [arrow[0], -arrow[1]];
    const side = extent[1] - extent[0];
    const moved = event.shiftKey
      ? turned(there, right + up < 0 ? TURN : -TURN)
      : shifted(there, [right, up], STEP * side);
    if (moved !== null && clipped(through(moved), extent) !== null) {
      byKeys.current = moved;
      drag(moved);
    }
    return true;
  }

  function paint(surface: Surface, viewport: Viewport, palette: Palette): void {
    const { context } = surface;
    const { left, top, side } = viewport;
    context.save();
    context.beginPath();
    context.rect(left, top, side, side);
    context.clip();
    const shown = handles !== null && isDrawn ? clipped(through(handles), extent) : null;
    if (shown !== null)
      for (const [width, colour] of [[5, css(palette.surface, 0.7)], [2.5, css(palette.ink)]] as const)
        stroke(context, viewport, shown, width, colour);
    paintWanted(surface, viewport, palette, clipped(wanted, extent), shown);
    for (const handle of handles ?? []) {
      context.beginPath();
      context.arc(...toPixels(viewport, handle), HANDLE, 0, 2 * Math.PI);
      context.fillStyle = css(palette.surface);
      context.fill();
      context.lineWidth = 3.5;
      context.strokeStyle = css(palette.accent);
      context.stroke();
    }
    context.restore();
  }

  const resting = over === null ? "crosshair" : over === "between" ? "move" : "grab";
  return {
    hint: "Arrow keys shift the line, with Shift they turn it",
    cursor: held === null ? resting : "grabbing",
    isDragged: true,
    at: null,
    ...{ paint, down, move, key },
    up: () => setHeld(null),
    blur: () => undefined,
  };
}

function stroke(
  context: CanvasRenderingContext2D,
  viewport: Viewport,
  ends: Ends,
  width: number,
  colour: string,
): void {
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(...toPixels(viewport, ends[0]));
  context.lineTo(...toPixels(viewport, ends[1]));
  context.stroke();
}

/** The wanted line is dashed, and named where the drawn one does not hide it. */
function paintWanted(
  surface: Surface,
  viewport: Viewport,
  palette: Palette,
  ends: Ends | null,
  drawn: Ends | null,
): void {
  if (ends === null) return;
  const { context } = surface;
  context.setLineDash([6, 5]);
  stroke(context, viewport, ends, 1.5, css(palette.ink, 0.8));
  context.setLineDash([]);
  const [left, right] = viewport.extent;
  if (drawn !== null && isNear(ends, drawn, 0.05 * (right - left))) return;
  const upper: Ends = ends[0][1] > ends[1][1] ? ends : [ends[1], ends[0]];
  const [x, y] = toPixels(viewport, between(upper, 0.09));
  const isRight = x > viewport.left + viewport.side / 2;
  const align = isRight ? "right" : "left";
  const style = { colour: palette.ink, halo: palette.surface, size: 12, align } as const;
  write(surface, "wanted", x + (isRight ? -10 : 10), y + 4, style);
}
