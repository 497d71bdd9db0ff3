// Many trainings from other seeds: a hundred of one set-up, two set-ups compared, a map of many.

import { seedAfter } from "../state/seeds.ts";
import type { Run } from "../statistics/summary.ts";
import { type Hyperparameter, withNumber } from "./hyperparameters.ts";
import type { Judgement } from "./judgement.ts";
import { areSame, type SetUp, whyTooLong } from "./set_up.ts";

/** Runs of one set-up. */
export interface Part {
  readonly setUp: SetUp;
  readonly seeds: readonly string[];
  /** Of those seeds that are trained, in the order of the seeds. */
  readonly runs: readonly Run[];
  /** Whether it is the shown run again, which goes on from saved numbers: those of a link may not be true. */
  readonly isCheck?: boolean;
}

export interface Study {
  /** Studies are counted, so that what a former one still sends is known. */
  readonly number: number;
  readonly parts: readonly Part[];
  /** What its runs say together; null until it is known, and of a map always. */
  readonly judgement: Judgement | null;
}

/** The runs of a map's cells are its parts, the nearest to the map's own set-up first. */
export interface AccuracyMap extends Study {
  /** What all cells have in common. */
  readonly setUp: SetUp;
  readonly across: Hyperparameter;
  readonly up: Hyperparameter;
  /** Row by row, the lowest first: the number of its part, or why it cannot be trained. */
  readonly cells: readonly (number | string)[];
}

/** So many seeds after one. */
export function seedsAfter(seed: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => seedAfter(seed, i + 1));
}

export function partOf(setUp: SetUp, seeds: readonly string[]): Part {
  return { setUp, seeds, runs: [] };
}

/** What of a study is trained, and what is to be, without the shown run again. */
export function progress({ parts }: Study): { readonly done: number; readonly total: number } {
  const counts = parts.filter(({ isCheck }) => isCheck !== true);
  const sum = (counted: (part: Part) => number) => counts.reduce((total, part) => total + counted(part), 0);
  return { done: sum(({ runs }) => runs.length), total: sum(({ seeds }) => seeds.length) };
}

export function isTrained({ runs, seeds }: Part): boolean {
  return runs.length === seeds.length;
}

export function isComplete({ parts }: Study): boolean {
  return parts.every(isTrained);
}

/** The study with more runs of a part; what was there already is not counted again. */
export function withRuns<T extends Study>(study: T, place: number, more: readonly Run[]): T {
  const parts = study.parts.map((part, i) => {
    if (i !== place) return part;
    const known = new Map([...more, ...part.runs].map((run) => [run.seed, run]));
    return { ...part, runs: part.seeds.flatMap((seed) => known.get(seed) ?? []) };
  });
  return { ...study, parts };
}

/** A map that is not trained yet. */
export function makeMap(
  number: number,
  setUp: SetUp,
  seeds: readonly string[],
  across: Hyperparameter,
  up: Hyperparameter,
): AccuracyMap {
  const places = up.values.flatMap((y) => across.values.map((x) => ({ x, y })));
  const home = { x: across.values.indexOf(across.value), y: up.values.indexOf(up.value) };
  const distance = ({ x, y }: { readonly x: number; readonly y: number }) =>
    (across.values.indexOf(x) - home.x) ** 2 + (up.values.indexOf(y) - home.y) ** 2;
  const cells: (number | string)[] = places.map(() => "");
  const parts: Part[] = [];
  const order = places.map((_, i) => i).sort((i, j) => distance(places[i]) - distance(places[j]));
  for (const i of order) {
    const experiment = withBoth(setUp, across.path, places[i].x, up.path, places[i].y);
    const why = typeof experiment === "string" ? experiment : whyTooLong({ ...setUp, experiment });
    if (typeof experiment === "string" || why !== null) cells[i] = why ?? "";
    else cells[i] = parts.push(partOf({ ...setUp, experiment }, seeds)) - 1;
  }
  return { number, parts, judgement: null, setUp, across, up, cells };
}

/** The set-up's experiment with two other numbers; why there is none where the spec or the limits refuse it. */
function withBoth({ experiment }: SetUp, across: string, x: number, up: string, y: number) {
  const first = withNumber(experiment, across, x);
  return typeof first === "string" ? first : withNumber(first, up, y);
}

/** Whether a set-up differs from the map's in nothing but the two numbers. */
export function isOnMap({ setUp, across, up }: AccuracyMap, other: SetUp): boolean {
  const experiment = withBoth(other, across.path, across.value, up.path, up.value);
  return typeof experiment !== "string" && areSame(setUp, { ...other, experiment });
}
