// Where the neurons and links of the diagram stand. Layers are columns; a layer that is too tall stands in several.

import type { NumberPlace } from "../worker/messages.ts";
import type { Link } from "./links.ts";

const MARGIN = 10; // pixels on the left and the right
const NAMES = 18; // more on the right, where the names of the outputs stand
const MOST_COLUMNS = 6; // of one layer
const NEAR = 5; // pixels from a link that still point at it

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

export interface DiagramLayout {
  /** The neurons of each layer, inputs first. */
  readonly places: readonly (readonly Place[])[];
  /** From the middle of one layer to the next. */
  readonly pitch: number;
  readonly middle: (layer: number) => number;
}

/** Where a link begins and ends: x and y, x and y. */
export type Ends = readonly [number, number, number, number];

/** What of the diagram is pointed at: a link, or a neuron, whose place is that of its bias; inputs have layer -1. */
export type Target = NumberPlace;

export function layOut(sizes: readonly number[], width: number, height: number, unit: number): DiagramLayout {
  const pitch = (width - 2 * MARGIN - NAMES * unit) / sizes.length;
  const head = 30 * unit;
  const room = height - head - 22 * unit;
  const largest = Math.max(48 * unit, Math.min(room / 6, pitch / 3)); // a picture grows with the panel
  const middle = (layer: number) => MARGIN + pitch * (layer + 0.5);
  const places = sizes.map((count, layer) => {
    const isLast = layer === sizes.length - 1;
    let [columns, size] = [1, 0];
    for (let tried = 1; tried <= MOST_COLUMNS; tried++) {
      const rows = Math.ceil(count / tried);
      const gap = rows > 12 ? 2 : 8;
      const fits = Math.min(largest, room / rows - gap, (pitch * 0.74) / tried - 2);
      const isNamed = isLast && size >= 16; // whose names stand beside
      const isLarge = size >= 24 * unit; // enough to be seen, and one column is clearer than two
      if (fits > 1.25 * size && !isNamed && !isLarge) [columns, size] = [tried, fits];
    }
    size = Math.max(size, 3);
    const rows = Math.ceil(count / columns);
    const down = Math.min(room / rows, size + (rows > 12 ? 2 : 16 * unit));
    return Array.from({ length: count }, (_, i): Place => {
      const column = Math.floor(i / rows);
      const inColumn = Math.min(rows, count - column * rows);
      return {
        x: middle(layer) + (column - (columns - 1) / 2) * (size + 2),
        y: head + room / 2 + ((i % rows) - (inColumn - 1) / 2) * down,
        size,
      };
    });
  });
  return { places, pitch, middle };
}

export function endsOf({ places }: DiagramLayout, { layer, source, output }: Omit<Link, "weight">): Ends {
  const from = places[layer][source];
  const to = places[layer + 1][output];
  return [from.x + from.size / 2, from.y, to.x - to.size / 2, to.y];
}

/** The neuron or link at a place; null if there is none. */
export function findAt(layout: DiagramLayout, links: readonly Link[], x: number, y: number): Target | null {
  for (const [column, neurons] of layout.places.entries())
    for (const [output, place] of neurons.entries()) {
      const reach = place.size / 2 + 1;
      const isHere = Math.abs(place.x - x) <= reach && Math.abs(place.y - y) <= reach;
      if (isHere) return { layer: column - 1, output, source: null };
    }
  let nearest: Target | null = null;
  let least = NEAR;
  for (const link of links.length > 300 ? [] : links) {
    const distance = Math.abs(heightAt(endsOf(layout, link), x) - y);
    if (distance < least) {
      least = distance;
      nearest = { layer: link.layer, output: link.output, source: link.source };
    }
  }
  return nearest;
}

/** The y of a link's curve, which has level ends, at an x; NaN beside it. */
function heightAt([x1, y1, x2, y2]: Ends, x: number): number {
  if (x < x1 || x > x2) return NaN;
  let [low, high] = [0, 1];
  for (let i = 0; i < 12; i++) {
    const t = (low + high) / 2;
    if (x1 + (x2 - x1) * (1.5 * t * (1 - t) + t ** 3) < x) low = t;
    else high = t;
  }
  return y1 + (y2 - y1) * (3 * low ** 2 - 2 * low ** 3);
}
