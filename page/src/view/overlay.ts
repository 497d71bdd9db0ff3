// What lies over the plane, paints over it, and is asked first what pointer and keys do.

import type { PlanePoints } from "../worker/messages.ts";
import type { Surface } from "./canvas.tsx";
import type { Palette } from "./colours.ts";
import type { Place, Viewport } from "./viewport.ts";

export interface Overlay {
  /** What the keys do. */
  readonly hint: string;
  readonly cursor: string;
  /** Whether fingers drag something, and do not scroll the page. */
  readonly isDragged: boolean;
  /** Points that are shown in the place of the state's. */
  readonly points?: PlanePoints;
  /** Pixels of the place that keys have come to, of which the plane tells. */
  readonly at: Place | null;
  readonly paint: (surface: Surface, viewport: Viewport, palette: Palette) => void;
  /** These get the pixels of the pointer, and tell whether they have taken it. */
  readonly down: (event: PointerEvent, at: Place, viewport: Viewport) => boolean;
  readonly move: (event: PointerEvent, at: Place, viewport: Viewport) => boolean;
  readonly up: (event: PointerEvent, at: Place, viewport: Viewport) => void;
  /** Whether the key was taken. */
  readonly key: (event: KeyboardEvent, viewport: Viewport) => boolean;
  readonly blur: () => void;
}
