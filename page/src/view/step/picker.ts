// The point on the plane whose update is looked at: a click chooses it, and arrow keys the one before or after it.

import type { Dispatch } from "../../state/actions.ts";
import { pointsOnPlane } from "../../state/point_set.ts";
import type { State } from "../../state/state.ts";
import type { Surface } from "../canvas.tsx";
import { css, type Palette } from "../colours.ts";
import type { Overlay } from "../overlay.ts";
import { distance, toPixels, type Place, type Viewport } from "../viewport.ts";

const NEAR = 12; // pixels from a point that still choose it
const NEAR_A_FINGER = 24;
const RADIUS = 7;

/** What lies over the plane while the tab of the step is open; else null. */
export function usePointPicker(state: State, dispatch: Dispatch): Overlay | null {
  const points = pointsOnPlane(state);
  if (state.tab !== "step" || points === null || state.shownSplits === "test") return null;
  const { x, y } = points.splits.train;
  const samples = state.result?.observed?.samples ?? [];
  const placeOf = (viewport: Viewport, i: number) => toPixels(viewport, [x[2 * i], x[2 * i + 1]]);

  function down(event: PointerEvent, at: Place, viewport: Viewport): boolean {
    let nearest = -1;
    let least = event.pointerType === "touch" ? NEAR_A_FINGER : NEAR;
    for (let i = 0; i < y.length; i++) {
      const away = distance(at, placeOf(viewport, i));
      if (away < least) [nearest, least] = [i, away];
    }
    if (nearest >= 0) dispatch({ kind: "step", act: { kind: "choose_point", point: nearest } });
    return false; // what lies there is told of, too
  }

  function key(event: KeyboardEvent): boolean {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || event.ctrlKey || event.metaKey || event.altKey) return false;
    dispatch({ kind: "step", act: { kind: "move_point", by } });
    return true;
  }

  function paint({ context }: Surface, viewport: Viewport, palette: Palette): void {
    for (const i of samples) {
      if (i >= y.length) continue;
      for (const [width, colour] of [[4, css(palette.surface, 0.9)], [1.8, css(palette.ink)]] as const) {
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.beginPath();
        context.arc(...placeOf(viewport, i), RADIUS, 0, 2 * Math.PI);
        context.stroke();
      }
    }
  }

  return {
    hint: "A click on a training point, or the arrow keys, choose whose update is shown",
    cursor: "pointer",
    isDragged: false,
    at: null,
    ...{ paint, down, key },
    move: () => false,
    up: () => undefined,
    blur: () => undefined,
  };
}
