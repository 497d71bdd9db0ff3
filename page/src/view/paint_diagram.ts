// Paints the network: each neuron as what it answers over the plane, and links by weight.

import { classOfOutput } from "../engine/heads.ts";
import { type Surface, write } from "./canvas.tsx";
import { classColour, css, type Palette } from "./colours.ts";
import { endsOf, type DiagramLayout, type Target } from "./diagram_layout.ts";
import type { Atlas } from "./atlas.ts";
import type { KeptPicture } from "./kept_picture.ts";
import type { ChosenLinks, Link } from "./links.ts";
import { short } from "./numbers.ts";

const LEVELS = 6; // of a link's width and colour
export const MANY = 300; // links, which are thinner

interface Diagram {
  readonly sizes: readonly number[];
  /** What the classes or the target are called. */
  readonly names: readonly string[];
  readonly activations: readonly string[];
  /** Whether the output predicts a target. */
  readonly ofTarget: boolean;
  readonly layout: DiagramLayout;
  readonly links: ChosenLinks;
  readonly atlas: Atlas;
  readonly pictures: HTMLCanvasElement;
  readonly target: Target | null;
  readonly palette: Palette;
  readonly linkPicture: KeptPicture;
}

/** So far from the left edge is the middle of the first heading at least: "?" stands in the corner. */
const MARK = 50;

export function paintDiagram(surface: Surface, diagram: Diagram): void {
  const { context, height, unit } = surface;
  const { target, linkPicture, links, palette, layout, activations, sizes, atlas } = diagram;
  linkPicture(context, [links, JSON.stringify(target), palette], (onPicture) => paintLinks(onPicture, diagram));
  paintNeurons(surface, diagram);
  const style = { colour: palette.muted, align: "center" } as const;
  const small = { ...style, size: layout.pitch > 50 * unit ? 11 : 8 };
  sizes.forEach((_, layer) => {
    const isLast = layer === sizes.length - 1;
    const activation = diagram.ofTarget ? "linear" : sizes[sizes.length - 1] === 1 ? "sigmoid" : "softmax";
    const name = layer === 0 ? "inputs" : isLast ? activation : layout.pitch > 56 * unit ? activations[layer - 1] : "";
    write(surface, name, Math.max(layout.middle(layer), MARK * unit), 20 * unit, style);
    if (layer > 0 && !isLast && layout.pitch > 36 * unit)
      write(surface, `±${short(atlas.scales[layer])}`, layout.middle(layer), height - 6 * unit, small);
  });
}

/** Each link is a stroke of its own: one path of a thousand curves takes longer, as it crosses itself. */
function paintLinks(context: CanvasRenderingContext2D, { links, layout, target, palette }: Diagram): void {
  const many = links.links.length > MANY;
  const signs = [palette.negative, palette.zero, palette.positive];
  const faint = target === null ? 1 : 0.25;
  const levels = Array.from({ length: LEVELS }, (): Link[] => []);
  for (const link of links.links)
    levels[Math.min(LEVELS - 1, Math.floor((Math.abs(link.weight) / links.largest) * LEVELS))].push(link);
  levels.forEach((level, i) => {
    const strength = (i + 0.5) / LEVELS;
    context.lineWidth = many ? 0.3 + 1.6 * strength : 0.8 + 4.5 * strength;
    const opaque = faint * (many ? 0.1 + 0.6 * strength : 0.35 + 0.6 * strength);
    const styles = signs.map((colour) => css(colour, opaque));
    for (const link of level) {
      context.strokeStyle = styles[1 + Math.sign(link.weight)];
      strokeLink(context, layout, link);
    }
  });
  if (target === null) return;
  for (const link of links.links) {
    if (!touches(target, link)) continue;
    context.lineWidth = 1.2 + (3.5 * Math.abs(link.weight)) / links.largest;
    context.strokeStyle = css(signs[1 + Math.sign(link.weight)]);
    strokeLink(context, layout, link);
  }
}

function strokeLink(context: CanvasRenderingContext2D, layout: DiagramLayout, link: Link): void {
  const [x1, y1, x2, y2] = endsOf(layout, link);
  const bend = (x2 - x1) / 2;
  context.setLineDash(link.weight === 0 ? [3, 3] : []);
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  context.stroke();
  context.setLineDash([]);
}

function touches(target: Target, link: Link): boolean {
  const isInto = target.layer === link.layer && target.output === link.output;
  if (target.source !== null) return isInto && target.source === link.source;
  return isInto || (target.layer === link.layer - 1 && target.output === link.source);
}

function paintNeurons(surface: Surface, diagram: Diagram): void {
  const { context, width, unit } = surface;
  const { layout, atlas, pictures, target, palette, sizes, names } = diagram;
  const last = sizes.length - 1;
  let neuron = 0;
  layout.places.forEach((column, layer) =>
    column.forEach(({ x, y, size }, index) => {
      const [left, top] = atlas.placeOf(neuron++);
      const isTarget = target?.source === null && target.layer === layer - 1 && target.output === index;
      const rim = isTarget ? 2 : size > 12 ? 0.75 : 0.5;
      context.fillStyle = isTarget ? css(palette.accent) : css(palette.muted, size > 12 ? 0.8 : 0.5);
      context.fillRect(x - size / 2 - rim, y - size / 2 - rim, size + 2 * rim, size + 2 * rim);
      context.imageSmoothingEnabled = size > atlas.side;
      context.drawImage(pictures, left, top, atlas.side, atlas.side, x - size / 2, y - size / 2, size, size);
      if (size <= 10 || (layer > 0 && layer < last)) return;
      if (layer === 0) {
        const style = { colour: palette.ink, size: 12, align: "center" } as const;
        write(surface, inputName(index), x, y + size / 2 + 13 * unit, style);
      } else {
        const begin = x + size / 2 + 12;
        const style = { colour: palette.ink, size: 12, width: width - begin };
        const k = diagram.ofTarget ? index : classOfOutput(index, sizes[last]);
        write(surface, names[k] ?? String(k), begin, y + 4 * unit, style);
        if (diagram.ofTarget) return;
        context.fillStyle = css(classColour(palette, k));
        context.fillRect(x + size / 2 + 3, y - size / 2, 5, size);
      }
    }),
  );
}

export function inputName(index: number): string {
  return ["x₁", "x₂"][index] ?? `x${index + 1}`;
}
