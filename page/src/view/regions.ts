// The regions of the plane, as an image: the class that is answered, paler where the network is unsure.

import type { Grid } from "../worker/messages.ts";
import { brightness, classColour, mix, pixel, type Colour, type Palette } from "./colours.ts";

const UNSURE = 0.3; // of a region's tint, what is left where the network can hardly decide
const BORDER = 0.55; // of ink, what is in the pixels between two regions
const SHADES = 128; // of a region, from unsure to sure
const FINEST = 360; // pixels along the side to which a grid is interpolated, at most,
const FINER = 4; // and so many for each of its points
const NONE = 255; // in place of a class, where an output is not a number

/** The colour of a class's region where the network is sure. */
function tintOf(palette: Palette, k: number): Colour {
  const colour = classColour(palette, k);
  const darkness = 1 - brightness(colour) / 255;
  return mix(palette.surface, colour, palette.dark ? 0.5 : Math.min(0.42, 0.3 / darkness ** 0.6));
}

/** Paint the regions; probabilities are interpolated, and the class decided for each pixel, so that borders are sharp. */
export function paintRegions(image: HTMLCanvasElement, { side, numbers }: Grid, palette: Palette): void {
  const points = side * side;
  const classes = numbers.length / points;
  const shades = shadesOf(classes, palette);
  const unknown = [pixel(palette.line), pixel(mix(palette.line, palette.ink, BORDER))];
  const fine = Math.min(FINEST, FINER * side);
  if (image.width !== fine) image.width = image.height = fine;
  const context = image.getContext("2d");
  if (context === null) return;
  const data = context.createImageData(fine, fine);
  const pixels = new Uint32Array(data.data.buffer);
  const row = new Float32Array(classes * side);
  const chosen = new Uint8Array(fine); // in the row above, and from the left on in this one
  const step = (side - 1) / (fine - 1);
  for (let v = 0; v < fine; v++) {
    const y = (fine - 1 - v) * step; // the first row of the grid is the lowest
    const low = Math.min(Math.floor(y), side - 2);
    const t = y - low;
    for (let k = 0; k < classes; k++) {
      const from = k * points + low * side;
      for (let j = 0; j < side; j++) row[k * side + j] = numbers[from + j] * (1 - t) + numbers[from + side + j] * t;
    }
    for (let u = 0; u < fine; u++) {
      const x = u * step;
      const left = Math.min(Math.floor(x), side - 2);
      const s = x - left;
      let most = -1;
      let best = 0;
      let total = 0;
      for (let k = 0; k < classes; k++) {
        const at = k * side + left;
        const p = row[at] * (1 - s) + row[at + 1] * s;
        total += p;
        if (p > most) {
          most = p;
          best = k;
        }
      }
      if (!(total > 0)) best = NONE;
      const isBorder = (u > 0 && chosen[u - 1] !== best) || (v > 0 && chosen[u] !== best);
      chosen[u] = best;
      if (best === NONE) pixels[v * fine + u] = unknown[Number(isBorder)];
      else {
        const sure = Math.max(0, ((most / total) * classes - 1) / (classes - 1));
        const shade = (isBorder ? classes + best : best) * SHADES + Math.round(sure * (SHADES - 1));
        pixels[v * fine + u] = shades[shade];
      }
    }
  }
  context.putImageData(data, 0, 0);
}

/** The pixels of each class by how sure the network is; those of borders after those of regions. */
function shadesOf(classes: number, palette: Palette): Uint32Array {
  const shades = new Uint32Array(2 * classes * SHADES);
  for (let k = 0; k < classes; k++) {
    const full = tintOf(palette, k);
    for (let i = 0; i < SHADES; i++) {
      const shade = mix(palette.surface, full, UNSURE + (1 - UNSURE) * (i / (SHADES - 1)));
      shades[k * SHADES + i] = pixel(shade);
      shades[(classes + k) * SHADES + i] = pixel(mix(shade, palette.ink, BORDER));
    }
  }
  return shades;
}
