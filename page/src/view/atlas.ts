// What all neurons answer over the plane, as small pictures in the rows of one canvas.
//
// The neurons of a layer share a scale, so that their colours can be compared: its ends are the largest size that
// any of them answers. Outputs are probabilities, from 0 to 1, or a target on the scale of the plane.

import { classOfOutput } from "../engine/heads.ts";
import type { Grid } from "../worker/messages.ts";
import { pixelsOf, placeOn, type Scale } from "./surface.ts";
import { classColour, mix, pixel, type Colour, type Palette } from "./colours.ts";

const ACROSS = 32; // pictures in a row
const LEVELS = 127; // of a colour, from zero to its end

export interface Atlas {
  /** Pixels along the side of a picture. */
  readonly side: number;
  /** Where the picture of a neuron begins, inputs counted first. */
  readonly placeOf: (neuron: number) => [number, number];
  /** What the strongest colour stands for in each layer, inputs first and without the outputs. */
  readonly scales: readonly number[];
}

export function paintAtlas(
  canvas: HTMLCanvasElement,
  { side, numbers }: Grid,
  sizes: readonly number[],
  palette: Palette,
  target: Scale | null,
): Atlas {
  const points = side * side;
  const neurons = numbers.length / points;
  const outputs = sizes[sizes.length - 1];
  const hiddenEnd = neurons - outputs;
  let begin = 0;
  const scales: number[] = [];
  const ends: number[] = []; // of the scale of each neuron
  for (const count of sizes.slice(0, -1)) {
    const scale = largest(numbers, begin * points, (begin + count) * points);
    scales.push(scale);
    ends.push(...Array<number>(count).fill(scale || 1));
    begin += count;
  }
  canvas.width = ACROSS * side;
  canvas.height = Math.ceil(neurons / ACROSS) * side;
  const context = canvas.getContext("2d");
  if (context !== null) {
    const data = context.createImageData(canvas.width, canvas.height);
    const buffer = new Uint32Array(data.data.buffer);
    const { surface, positive, negative } = palette;
    // Small answers are to be seen beside large ones: colours go with the root.
    const signed = pixels((level) => mix(surface, level > 0 ? positive : negative, Math.sqrt(Math.abs(level))));
    const ofTarget = pixelsOf();
    for (let n = 0; n < neurons; n++) {
      const isOutput = n >= hiddenEnd;
      const ofClass = (level: number) => mix(surface, classColour(palette, classOfOutput(n - hiddenEnd, outputs)), Math.max(0, level));
      const colours = isOutput ? pixels(ofClass) : signed;
      const end = ends[n] ?? 1;
      const left = (n % ACROSS) * side;
      const top = Math.floor(n / ACROSS) * side;
      for (let i = 0; i < side; i++) {
        const to = (top + side - 1 - i) * canvas.width + left; // the first row of a grid is the lowest
        for (let j = 0; j < side; j++) {
          const answer = numbers[n * points + i * side + j];
          if (isOutput && target !== null) {
            const colour = ofTarget[Math.round(placeOn(target, answer) * (ofTarget.length - 1))];
            buffer[to + j] = Number.isNaN(answer) ? pixel(palette.line) : colour;
            continue;
          }
          const value = answer / end;
          const level = Math.max(-1, Math.min(1, Number.isFinite(value) ? value : 0));
          buffer[to + j] = colours[LEVELS + Math.round(LEVELS * level)];
        }
      }
    }
    context.putImageData(data, 0, 0);
  }
  return { side, placeOf: (n) => [(n % ACROSS) * side, Math.floor(n / ACROSS) * side], scales };
}

/** Pixels of all levels, from that of the largest negative number to that of the largest positive one. */
function pixels(colourAt: (level: number) => Colour): Uint32Array {
  return Uint32Array.from({ length: 2 * LEVELS + 1 }, (_, i) => pixel(colourAt((i - LEVELS) / LEVELS)));
}

function largest(numbers: Float32Array, from: number, to: number): number {
  let most = 0;
  for (let i = from; i < to; i++) {
    const size = Math.abs(numbers[i]);
    if (size > most && Number.isFinite(size)) most = size;
  }
  return most;
}
