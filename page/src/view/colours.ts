// The page's colours. Classes, signs and splits have a palette each, so that no colour means two things.

import { spec } from "../spec/schema.ts";
import type { Theme } from "../state/state.ts";

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

export interface Palette {
  readonly dark: boolean;
  readonly ink: Colour;
  readonly muted: Colour;
  readonly line: Colour;
  readonly surface: Colour;
  readonly background: Colour;
  readonly accent: Colour;
  readonly accentSoft: Colour;
  readonly onAccent: Colour;
  readonly wrong: Colour;
  /** Of weights and responses: above zero, below, and zero itself. */
  readonly positive: Colour;
  readonly negative: Colour;
  readonly zero: Colour;
  /** Of the curves. */
  readonly training: Colour;
  readonly validation: Colour;
  readonly classes: readonly Colour[];
}

const WHITE: Colour = [255, 255, 255];

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    dark: false,
    ink: rgb("#1f2328"),
    muted: rgb("#59616a"),
    line: rgb("#d9dee4"),
    surface: rgb("#ffffff"),
    background: rgb("#f3f5f8"),
    accent: rgb("#4353c9"),
    accentSoft: rgb("#e9ebfb"),
    onAccent: rgb("#ffffff"),
    wrong: rgb("#d40000"),
    positive: rgb("#4d9221"),
    negative: rgb("#c51b7d"),
    zero: rgb("#8b95a0"),
    training: rgb("#4353c9"),
    validation: rgb("#c2410c"),
    classes: spec.colours.map(rgb),
  },
  dark: {
    dark: true,
    ink: rgb("#e8ebef"),
    muted: rgb("#9ea8b3"),
    line: rgb("#323943"),
    surface: rgb("#1a1f26"),
    background: rgb("#11151a"),
    accent: rgb("#8f9bff"),
    accentSoft: rgb("#262c4d"),
    onAccent: rgb("#11151a"),
    wrong: rgb("#ff5c5c"),
    positive: rgb("#8fd14f"),
    negative: rgb("#f472b6"),
    zero: rgb("#6b7682"),
    training: rgb("#8f9bff"),
    validation: rgb("#fb8a5c"),
    classes: spec.colours.map((hex) => mix(rgb(hex), WHITE, 0.25)),
  },
};

export function paletteOf(theme: Theme): Palette {
  return PALETTES[theme];
}

/** The palette as properties of a style sheet. */
export function styleProperties(palette: Palette): Record<string, string> {
  const { classes: _, dark, ...colours } = palette;
  const named = Object.entries(colours).map(([name, colour]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    css(colour),
  ]);
  return { ...(Object.fromEntries(named) as Record<string, string>), colorScheme: dark ? "dark" : "light" };
}

/** From the lowest target to the highest, evenly to the eye, also to the colour-blind. Source: viridis, of Matplotlib. */
const SURFACE: readonly Colour[] = [
  "#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725",
].map(rgb);

/** The colour of a target, from 0 for the lowest to 1 for the highest. */
export function surfaceColour(fraction: number): Colour {
  const place = fraction * (SURFACE.length - 1);
  const below = Math.min(Math.floor(place), SURFACE.length - 2);
  return mix(SURFACE[below], SURFACE[below + 1], place - below);
}

const LINE = 0.35; // of black or white, what is in a contour line

/** A colour as a line on itself: lighter where it is dark, darker where it is light. */
export function lined(colour: Colour): Colour {
  return mix(colour, brightness(colour) < 110 ? WHITE : [0, 0, 0], LINE);
}

/** The colour of a class. */
export function classColour(palette: Palette, k: number): Colour {
  return palette.classes[k % palette.classes.length];
}

function rgb(hex: string): Colour {
  const value = parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** A colour on the way from one to another; 0 is the first, 1 the second. */
export function mix(from: Colour, to: Colour, fraction: number): Colour {
  const channel = (i: 0 | 1 | 2) => Math.round(from[i] + fraction * (to[i] - from[i]));
  return [channel(0), channel(1), channel(2)];
}

/** A colour as a pixel of an image's buffer. */
export function pixel([r, g, b]: Colour): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** A colour as a style sheet has it. */
export function css([r, g, b]: Colour, alpha = 1): string {
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** How bright a colour looks, 0 to 255. */
export function brightness([r, g, b]: Colour): number {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** Black or white, whichever can be read better on a colour; one of them has a contrast of 4.5 with any. */
export function inkOn(colour: Colour): string {
  const luminance = 0.05 + 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
  return luminance / 0.05 > 1.05 / luminance ? "#000000" : "#ffffff";
}

/** A channel as light, 0 to 1. Source: WCAG 2.2, "relative luminance". */
function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
