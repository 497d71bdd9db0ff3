// Own points from a CSV file, as `mlplab` reads it, within what the page can show.

import type { Sample } from "./splits.ts";
import { spec } from "../spec/schema.ts";
import { suggestion } from "../spec/suggestion.ts";
import { floatText, grouped } from "../text/numbers.ts";
import { quoted } from "../text/quoted.ts";
import { columnsOf, featuresOf, LABEL, matrixOf, SPLIT, valuesOf, where, type Columns } from "./columns.ts";
import { Refusal } from "../text/refusal.ts";
import { decoded } from "./decoded.ts";
import { classesOf } from "./labels.ts";
import { readRows } from "./rows.ts";
import { type SplitName, SPLITS } from "../engine/experiment.ts";

/** Bytes. */
const LARGEST_FILE = 4_000_000;
export const MOST_POINTS = 10_000;
export const MOST_CLASSES = spec.limits["classes"] as number;
/** Of a coordinate from 0. */
export const FARTHEST = 1e6;

/** What a file of points holds. */
export interface PointsRead {
  /** Row by row, (points, 2). */
  readonly x: Float64Array;
  /** Class of each point, from 0 on. */
  readonly y: readonly number[];
  readonly labelNames: readonly string[];
  readonly featureNames: readonly string[];
  /** Null where the file names no splits: then a seed chooses them. */
  readonly split: readonly SplitName[] | null;
}

/** Read a CSV file; `name` is what messages call it. */
export function readPoints(content: Uint8Array, name: string): PointsRead {
  if (content.length > LARGEST_FILE)
    throw new Refusal(
      `${name}: the playground opens files of ${LARGEST_FILE / 1e6} MB at most, ` +
        `received ${(content.length / 1e6).toFixed(1)} MB`,
    );
  const rows = readRows(decoded(content, name), name);
  checkNumber(rows.filter(({ fields }) => fields.length > 0).length - 1);
  const columns = columnsOf(rows, name);
  const points = samplesOf(columns);
  const [features, classes] = [points.featureNames.length, points.labelNames.length];
  if (features !== 2)
    throw new Refusal(
      `${name}: the playground's points lie in the plane of 2 features, received ${features}: ` +
        "`mlplab train` takes any number",
    );
  checkClasses(classes, `${name}: `);
  points.x.forEach((value, i) => {
    const column = quoted(points.featureNames[i % 2]);
    checkCoordinate(value, `${where(columns, Math.floor(i / 2))}, column ${column}: `);
  });
  return points;
}

/** The points one by one: those to train on first, then those of validation, then those of the test. */
export function pointsOf(read: PointsRead, split: readonly SplitName[]): Sample[] {
  const all = read.y.map((k, i) => ({
    x1: read.x[2 * i],
    x2: read.x[2 * i + 1],
    label: read.labelNames[k],
    split: split[i],
  }));
  return SPLITS.flatMap((name) => all.filter((point) => point.split === name));
}

/** Refuse more points than the page can hold. */
export function checkNumber(points: number): void {
  if (points > MOST_POINTS)
    throw new Refusal(
      `the playground takes at most ${grouped(MOST_POINTS)} own points, received ${grouped(points)}`,
    );
}

/** Refuse more classes than the page can show. */
export function checkClasses(classes: number, place = ""): void {
  if (classes > MOST_CLASSES)
    throw new Refusal(`${place}the playground takes at most ${MOST_CLASSES} classes, received ${classes}`);
}

/** Refuse a coordinate that the page cannot show. */
export function checkCoordinate(value: number, place = ""): void {
  if (!(Math.abs(value) <= FARTHEST))
    throw new Refusal(
      `${place}a coordinate must lie between -${grouped(FARTHEST)} and ${grouped(FARTHEST)}, ` +
        `received ${floatText(value)}`,
    );
}

function samplesOf(columns: Columns): PointsRead {
  const { source } = columns;
  const labels = valuesOf(columns, LABEL);
  if (labels.length === 0) throw new Refusal(`${source}: no samples below the header`);
  const featureNames = featuresOf(columns);
  const x = matrixOf(columns, featureNames);
  const { y, names } = classesOf(labels, (row) => where(columns, row));
  if (names.length < 2)
    throw new Refusal(`${source}: two classes at least are needed, received only ${quoted(names[0])}`);
  const split = columns.names.includes(SPLIT) ? splitsOf(columns) : null;
  checkEveryClass(y, names, split, source);
  return { x, y, labelNames: names, featureNames, split };
}

function splitsOf(columns: Columns): SplitName[] {
  const texts = valuesOf(columns, SPLIT).map((text) => text.trim());
  const isSplit = (text: string): text is SplitName => (SPLITS as readonly string[]).includes(text);
  const unknown = texts.filter((text) => !isSplit(text)).sort()[0];
  if (unknown !== undefined) {
    const place = where(columns, texts.indexOf(unknown));
    throw new Refusal(`${place}: unknown split ${quoted(unknown)}; ${suggestion(unknown, SPLITS)}`);
  }
  return texts.filter(isSplit);
}

/** Refuse samples of which a split has, or would have, no sample of some class. */
function checkEveryClass(
  y: readonly number[],
  names: readonly string[],
  split: readonly SplitName[] | null,
  source: string,
): void {
  const counted = (part: SplitName | null) => {
    const counts = new Array<number>(names.length).fill(0);
    y.forEach((k, i) => (counts[k] += part === null || split?.[i] === part ? 1 : 0));
    return counts;
  };
  if (split === null) {
    const counts = counted(null);
    const fewest = Math.min(...counts);
    if (fewest >= 3) return;
    const name = quoted(names[counts.indexOf(fewest)]);
    throw new Refusal(`${source}: each class needs three samples at least, ${name} has ${fewest}`);
  }
  for (const part of SPLITS) {
    const lacking = counted(part).indexOf(0);
    if (lacking >= 0)
      throw new Refusal(`${source}: the ${part} split has no sample of class ${quoted(names[lacking])}`);
  }
}
