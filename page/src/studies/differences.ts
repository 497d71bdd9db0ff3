// What differs between two set-ups, in words.

import { haveSameSamples, type SetUp } from "./set_up.ts";

/** Differences that are named; of more, their number. */
const MOST = 4;

/** The differences in one line; empty where there are none. */
export function sayDifferences(a: SetUp, b: SetUp): string {
  const found = differences(a, b);
  const more = found.length - MOST;
  return found.slice(0, MOST).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

/**
 * The fields that differ, with their values, in the order of the spec.
 *
 * A kind is called by its name; where it differs, fields that only one of the two kinds has are not named
 * beside it.
 */
export function differences(a: SetUp, b: SetUp): string[] {
  const [before, after] = [described(a), described(b)];
  const found = [...before].filter(([path, value]) => after.has(path) && text(value) !== text(after.get(path)));
  const points = a.samples !== null && b.samples !== null && !haveSameSamples(a, b) ? ["other own points"] : [];
  return [...points, ...found.map(([path, value]) => difference(path, value, after.get(path)))];
}

/** Each value by its path; a part's kind has the path of the part, and widths that of the hidden layers. */
export function described({ experiment, samples }: SetUp): Map<string, unknown> {
  const { layer_width: width, hidden_layers: layers, ...network } = experiment.network;
  const widths = Array.isArray(width) ? width : Array<unknown>(layers).fill(width);
  const dataset = samples === null ? experiment.dataset : { kind: "own_points" };
  return new Map(flat("", { ...experiment, dataset, network: { hidden_layers: widths, ...network } }));
}

function flat(path: string, value: unknown): [string, unknown][] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [[path, value]];
  const below = (name: string) => (name === "kind" ? path : path === "" ? name : `${path}.${name}`);
  return Object.entries(value).flatMap(([name, part]) => flat(below(name), part));
}

function difference(path: string, before: unknown, after: unknown): string {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const inWords = (value: unknown) => (name === "hidden_layers" ? widthsInWords(value as number[]) : text(value));
  return `${name.replaceAll("_", " ")} ${inWords(before)} → ${inWords(after)}`;
}

function text(value: unknown): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(text).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value).replaceAll("_", " ");
}

/** Widths as one reads them: 2 × 5, or 8, 4. */
function widthsInWords(widths: readonly number[]): string {
  const areAlike = widths.length > 0 && new Set(widths).size === 1;
  return areAlike ? `${widths.length} × ${widths[0]}` : text(widths);
}
