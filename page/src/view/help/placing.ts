// Where something stands beside what it explains, within the window.

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const GAP = 6; // pixels: the pointer gets over it before what is shown goes
const EDGE = 8;

/** The left upper corner: below or above, or to the right where that is asked for and there is room. */
export function placeBeside(around: Box, { width, height }: Size, windowed: Size, toTheSide: boolean): readonly [number, number] {
  const { left, top, width: across, height: down } = around;
  const within = (at: number, size: number, all: number) => Math.max(EDGE, Math.min(at, all - size - EDGE));
  const right = left + across + GAP;
  if (toTheSide && right + width + EDGE <= windowed.width)
    return [right, within(top, height, windowed.height)];
  if (toTheSide && left - GAP - width >= EDGE) return [left - GAP - width, within(top, height, windowed.height)];
  const below = top + down + GAP;
  const y = below + height + EDGE <= windowed.height || top < height + GAP + EDGE ? below : top - GAP - height;
  return [within(left + across / 2 - width / 2, width, windowed.width), within(y, height, windowed.height)];
}
