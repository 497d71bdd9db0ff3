// Own points with what follows from them, and those from before each act.

import { classesOf } from "../data/labels.ts";
import { checkPrecision } from "../data/precision.ts";
import { whatIsMissing, type Sample } from "../data/splits.ts";
import { type Dataset, drawnLabelNames, type Experiment, type SplitName, SPLITS } from "../engine/experiment.ts";
import type { FiniteSamples } from "../engine/finite.ts";
import type { Points } from "../engine/stepper.ts";
import { firstValues, kinds, resolved, spec, type Field } from "../spec/schema.ts";
import type { Extent, PlanePoints } from "../worker/messages.ts";
import type { State } from "./state.ts";

export type PointTool = "look" | "add" | "move" | "remove" | "class";

export interface PointSet {
  readonly points: readonly Sample[];
  /** Classes that a point can be given: those of the points, and others that were added. */
  readonly offered: readonly string[];
  /** Names of the points' classes, in the order of the network's outputs. */
  readonly classes: readonly string[];
  /** What is missing before a network can learn from the points; empty if nothing is. */
  readonly missing: string;
  /** As networks learn from them. */
  readonly samples: FiniteSamples;
  /** As they are shown. */
  readonly plane: PlanePoints;
}

/** Of the state: what a network is to learn of. */
export interface Learnt {
  readonly experiment: Experiment;
  readonly ownPoints: { readonly set: Pick<PointSet, "classes" | "missing"> | null };
}

/** What networks learn from: own points, or a dataset that is drawn. */
interface Source {
  readonly set: PointSet | null;
  readonly dataset: Dataset;
}

export interface OwnPoints {
  /** Null while a dataset is drawn. */
  readonly set: PointSet | null;
  /** From before each act, and from before each undoing; the latest ones last. */
  readonly past: readonly Source[];
  readonly future: readonly Source[];
  /** What is drawn again if own points go. */
  readonly former: Dataset;
  readonly tool: PointTool;
  /** Class of the points that are added. */
  readonly label: string;
  /** What became of the training by the last act. */
  readonly said: string;
}

const MOST_PAST = 100;

/** To choose from where the points do not say. */
const FIRST_CLASSES = ["0", "1"];

const OWN = "file";

const families = kinds(resolved(spec.schema.properties?.["dataset"] as Field));

/** Own points as a dataset of the spec: the file that is downloaded. */
export const OWN_DATASET = {
  ...firstValues(families.get(OWN) as Field),
  path: "points.csv",
} as unknown as Dataset;

export function noOwnPoints(dataset: Dataset): OwnPoints {
  return { set: null, past: [], future: [], former: dataset, tool: "look", label: "0", said: "" };
}

export function isOwn({ dataset }: Experiment): boolean {
  return dataset.kind === OWN;
}

/** Whether there are own points, but too few to learn from. */
export function isLacking({ ownPoints: { set } }: Pick<Learnt, "ownPoints">): boolean {
  return set !== null && set.missing !== "";
}

/** The points on the plane: own ones at once, those of a dataset when they are drawn. */
export function pointsOnPlane({ ownPoints: { set }, points }: State): PlanePoints | null {
  return set?.plane ?? points;
}

/** What the classes are called that a network would learn of. */
export function labelNames({ ownPoints: { set }, experiment }: Learnt): readonly string[] {
  return set?.classes ?? drawnLabelNames(experiment.dataset);
}

/** What the classes of the network that is shown are called. */
export function classNames({ ownPoints: { set }, result }: State): readonly string[] {
  return set?.classes ?? Array.from({ length: result?.classes ?? 0 }, (_, k) => String(k));
}

/** Points with what follows from them; a `Refusal` if float32 cannot tell them apart. */
export function pointSet(points: readonly Sample[], others: readonly string[], extent: Extent): PointSet {
  const labels = points.map(({ label }) => label);
  const { y, names: classes } = classesOf(labels, (row) => `point ${row + 1}`);
  const x = Float64Array.from(points.flatMap(({ x1, x2 }) => [x1, x2]));
  checkPrecision(x, ["x1", "x2"], (row) => `point ${row + 1}`, "the points");
  const split = points.map((point) => SPLITS.indexOf(point.split));
  const ofSplit = (part: number): Points => ({
    x: Float32Array.from(x.filter((_, i) => split[i >> 1] === part)),
    y: Uint8Array.from(y.filter((_, i) => split[i] === part)),
  });
  const splits = Object.fromEntries(SPLITS.map((name, part) => [name, ofSplit(part)])) as Record<SplitName, Points>;
  const few = new Set([...classes, ...others]).size < 2 ? FIRST_CLASSES : [];
  const { names: offered } = classesOf([...classes, ...others, ...few], (row) => `class ${row + 1}`);
  return {
    points,
    offered,
    classes,
    missing: whatIsMissing(points),
    samples: { x, features: 2, y, classes: classes.length, labelNames: classes, split },
    plane: { extent, splits },
  };
}

/** Own points, or none, in the place of what there is; it can be undone. */
export function replaced({ ownPoints: own, experiment: { dataset } }: State, set: PointSet | null): OwnPoints {
  const past = [...own.past, { set: own.set, dataset }].slice(-MOST_PAST);
  const former = own.set === null ? dataset : own.former;
  return { ...own, set, past, future: [], former, ...fitting(own, set) };
}

/** What a dataset that was chosen leaves of own points: that they can come back. */
export function withoutPoints(state: State): OwnPoints {
  return state.ownPoints.set === null ? state.ownPoints : { ...replaced(state, null), said: "" };
}

/** The points from before the last act, or from before the last undoing; null where there are none. */
export function gone(state: State, where: "past" | "future"): { own: OwnPoints; dataset: Dataset } | null {
  const { ownPoints: own, experiment } = state;
  const next = own[where].at(-1);
  if (next === undefined) return null;
  const other = where === "past" ? "future" : "past";
  const left = { [where]: own[where].slice(0, -1), [other]: [...own[other], { set: own.set, dataset: experiment.dataset }] };
  return { own: { ...own, ...left, set: next.set, ...fitting(own, next.set) }, dataset: next.dataset };
}

export function datasetOf(own: OwnPoints): Dataset {
  return own.set === null ? own.former : OWN_DATASET;
}

/** Tool and class: a class may be none of the points' any more, and points that are too few are there to be added to. */
function fitting({ tool, label }: OwnPoints, set: PointSet | null): Pick<OwnPoints, "tool" | "label"> {
  if (set === null) return { tool: "look", label };
  const isToDraw = tool === "look" && set.missing !== "";
  return { tool: isToDraw ? "add" : tool, label: set.offered.includes(label) ? label : (set.offered[0] ?? "0") };
}
