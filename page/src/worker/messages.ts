// What the page and the workers say to each other.
//
// The page says what it wants, all of it, whenever that changes; the worker says what there is. A message
// that is doubled changes nothing, one that is late is known by its revision, and one that is lost is made up
// for by the next.

import type { Metric } from "../spec/losses.ts";
import type { Dataset, Experiment, Training, SplitName } from "../engine/experiment.ts";
import type { FiniteSamples } from "../engine/finite.ts";
import type { Layer } from "../engine/layout.ts";
import type { ObservedUpdate } from "../engine/observing.ts";
import type { Points, Score, Snapshot } from "../engine/stepper.ts";
import type { Finding } from "../explain/sentences.ts";
import type { State } from "../state/state.ts";
import type { Run } from "../statistics/summary.ts";
import type { Plane, PlaneKind, PathPoint, Projection } from "../landscape/plane.ts";
import type { JudgedKind, Judgement } from "../studies/judgement.ts";
import type { SetUp } from "../studies/set_up.ts";
import type { Part } from "../studies/study.ts";

/** Something that is done once, at the update that the training has come to. */
export type Act =
  | { readonly kind: "train_update" }
  | { readonly kind: "train_epoch" }
  | { readonly kind: "training"; readonly after: Training }
  | ByHand;

/** Numbers that are set by hand: one of a layer, or all of it. The first layer with weights is 0. */
export type ByHand =
  | { readonly kind: "number"; readonly place: NumberPlace; readonly value: number }
  | {
      readonly kind: "weights";
      readonly layer: number;
      /** Row by row, (outputs, inputs). */
      readonly weights: readonly number[];
      readonly biases: readonly number[];
    };

/** A weight of a layer, or its bias where `source` is null; the first layer with weights is 0. */
export interface NumberPlace {
  readonly layer: number;
  readonly output: number;
  readonly source: number | null;
}

/** Of the state, as it is. */
type Told =
  | "training"
  | "revision"
  | "seed"
  | "from"
  | "branchOf"
  | "beginAt"
  | "earlier"
  | "acts"
  | "playing"
  | "speed"
  | "stopRule"
  | "lookAt";

/** How the network that is shown should be. What the worker has already is left out: `from`, `earlier` and `own`. */
export interface Wanted extends Pick<State, Told> {
  readonly kind: "wanted";
  /** Null where own points are too few to train on: then the worker stands. */
  readonly experiment: Experiment | null;
  /** Own points, and the square of the plane on which they are shown; null where there are none. */
  readonly own: { readonly samples: FiniteSamples; readonly extent: Extent } | null;
  /** So many of the training's acts are done, and left out; the worker does what it has not done. */
  readonly actsDone: number;
  /** Splits whose answers are shown. */
  readonly splits: readonly SplitName[];
  /** Hidden layer whose answers to the points are shown, the first being 1; null if none is. */
  readonly hiddenLayer: number | null;
  /** Whether linear regions are shown. */
  readonly linearRegions: boolean;
  /** Whether the next update is looked at, and which training sample makes it alone; null if it is not. */
  readonly step: { readonly point: number | null } | null;
  /** Whether the page knows the points of this training. */
  readonly knowsPoints: boolean;
  /** The landscape for which the training's path is asked; null if it is not. */
  readonly pathFor: number | null;
}

/** Instantiate the engine; the first message. */
interface Start {
  readonly kind: "start";
  readonly modules: CompressedModules;
}

/** The engine's two modules, compressed by gzip. */
export interface CompressedModules {
  readonly fused: Uint8Array<ArrayBuffer>;
  readonly exact: Uint8Array<ArrayBuffer>;
}

/** Train a block of seeds of a study's part. */
export interface TrainBlock {
  readonly kind: "train_block";
  readonly part: number;
  readonly setUp: SetUp;
  readonly seeds: readonly string[];
}

/** Judge what the runs of a study say together. */
export interface JudgeStudy {
  readonly kind: "judge_study";
  readonly number: number;
  readonly study: JudgedKind;
  readonly parts: readonly Part[];
}

/** Choose a split for each sample. */
interface SplitPoints {
  readonly kind: "split_points";
  /** Of which the fractions count. */
  readonly dataset: Dataset;
  /** Class of each sample. */
  readonly y: readonly number[];
  readonly classes: number;
  readonly seed: string;
}

/** Compute the loss around a training. */
export interface LandscapeWanted extends SetUp {
  readonly kind: "landscape_wanted";
  /** Landscapes are counted. */
  readonly number: number;
  readonly seed: string;
  readonly path: readonly PathPoint[];
  readonly plane: PlaneKind;
  /** So many more runs from the same start, with the shuffles and the noise of the seeds that follow. */
  readonly others: number;
}

export type ToWorker = Start | Wanted | TrainBlock | JudgeStudy | SplitPoints | LandscapeWanted;

/** A square of the plane: x1 and x2 from and to. */
export type Extent = readonly [number, number, number, number];

export interface PlanePoints {
  readonly splits: Readonly<Record<SplitName, Points>>;
  readonly extent: Extent;
}

/** Numbers over the plane, (rows, side × side): row by row from the bottom left. */
export interface Grid {
  readonly side: number;
  readonly numbers: Float32Array;
}

export type Ending = "stop rule" | "stopped early" | "diverged";

/** The network that is shown, and how far its training is. */
export interface Result {
  readonly kind: "result";
  readonly training: number;
  /** Of the last message that had come. */
  readonly revision: number;
  /** Results are counted: a late one has a smaller number. */
  readonly number: number;
  readonly playing: boolean;
  /** Why playing on would do nothing; null if it would do something. */
  readonly ending: Ending | null;
  readonly step: number;
  readonly epoch: number;
  readonly updatesPerEpoch: number;
  /** The update that is shown, which is an earlier one where one looks back. */
  readonly shownStep: number;
  readonly shownEpoch: number;
  /** The update at which each act took effect. */
  readonly actedAt: readonly number[];
  /** Inputs, the neurons of each hidden layer, outputs: of two classes there may be one. */
  readonly sizes: readonly number[];
  /** 0 where samples have a target. */
  readonly classes: number;
  readonly metric: Metric;
  readonly layers: readonly Layer[];
  /** Of the weights of each layer, the root mean square of the last batch's gradient; null where none is known. */
  readonly gradients: readonly number[] | null;
  /** Scores and answers are of the network after `scoredStep` updates: where they cost much, a while ago. */
  readonly scores: Readonly<Record<SplitName, Score>>;
  readonly scoredStep: number;
  /** Training loss and metric, validation loss and metric of each epoch. */
  readonly history: Float64Array;
  /** Where there is a regularizer, the penalties of each epoch: that of the training, and that after the epoch. */
  readonly penalties: Float64Array;
  /** Of the weights that are shown; null where there is no regularizer. */
  readonly penalty: number | null;
  readonly rates: RateCurve;
  /** The probabilities of the classes over the plane, (K, side × side); of a target, what is predicted, (1, side × side). */
  readonly regions: Grid;
  /** What each neuron answers over the plane, (neurons, side × side). */
  readonly responses: Grid;
  /** The class that is answered for each point of the splits that are shown; NO_ANSWER where none is. Of a target, none. */
  readonly answers: Readonly<Partial<Record<SplitName, Uint8Array>>>;
  /** Of a target: what is predicted for each point of the splits that are shown, and for the test points always. */
  readonly predictions: Readonly<Partial<Record<SplitName, Float32Array>>>;
  /** Test points by their class (rows) and by what is answered, (K, K); of a target, none. */
  readonly confusion: readonly number[];
  readonly hidden: HiddenSpace | null;
  /** Null where they are not shown. */
  readonly linearRegions: ShownRegions | null;
  /** The next update, where it is looked at and the network stands. */
  readonly observed: Observed | null;
  /** Why the network is as it is, the likeliest cause first; null while it trains, where it goes on from saved numbers, and until it is known. */
  readonly why: readonly Finding[] | null;
  /** All that is needed to go on from what is shown; null while it trains. */
  readonly snapshot: Snapshot | null;
  readonly points: PlanePoints | null;
  /** Where the weights were, up to now; null unless it was asked for. */
  readonly path: { readonly number: number; readonly points: readonly PathPoint[] } | null;
}

/** The update that comes next, and what the network answers over the plane after it. */
export interface Observed extends ObservedUpdate {
  readonly regionsAfter: Grid;
}

/** The linear regions of the network in the square of the plane, or why there are none. */
export type ShownRegions =
  | {
      readonly kind: "found";
      /** Updates after which they are those of the network. */
      readonly step: number;
      readonly count: number;
      /** Of the decision boundary, in units of the coordinates. */
      readonly length: number;
      /** Null where they are drawn when the training stands. */
      readonly drawn: DrawnRegions | null;
    }
  | { readonly kind: "none"; readonly sentence: string };

export interface DrawnRegions {
  /** Where each edge begins and ends: x1, x2, x1, x2. */
  readonly edges: Float32Array;
  /** Likewise the segments of the decision boundary. */
  readonly boundary: Float32Array;
}

/** Some training points as a hidden layer answers them. */
export interface HiddenSpace {
  readonly layer: number;
  /** The class or the target of each. */
  readonly y: Float32Array;
  /** Two coordinates of each point. */
  readonly places: Float32Array;
  /** What the coordinates are. */
  readonly axes: readonly [string, string];
}

/** Stands for no class, where an output is not a number. */
export const NO_ANSWER = 255;

/** The learning rate along the epochs: as it was, and as it will be. */
export interface RateCurve {
  readonly epochs: Float64Array;
  readonly rates: Float64Array;
}

/** The worker is ready. */
interface Started {
  readonly kind: "started";
  /** Whether the processor has the fast way to the same numbers. */
  readonly fused: boolean;
}

/** The split of each sample: 0 for training, 1 for validation, 2 for the test. */
interface PointsSplit {
  readonly kind: "points_split";
  readonly split: readonly number[];
}

/** The training loss on a plane of weight space, and the path on it. */
export interface Landscape {
  readonly plane: Plane;
  readonly kind: PlaneKind;
  /** Coordinates on the plane: x and y from and to. */
  readonly extent: Extent;
  /** Updates after which a plane through the path meets it; none of other planes. */
  readonly through: readonly number[];
  /** Updates made at each point of the path. */
  readonly steps: readonly number[];
  readonly projection: Projection;
  /** Losses without the penalty of the path's points, and those where they are drawn. */
  readonly pathLoss: Float64Array;
  readonly pathPenalty: Float64Array;
  readonly planeLoss: Float64Array;
  readonly isPenalised: boolean;
  readonly others: readonly OtherRun[];
  /** Networks along each side; of each the loss and the penalty, row by row from the bottom left. */
  readonly side: number;
  readonly loss: Float64Array;
  readonly penalty: Float64Array;
}

/** Another run from the same start, as long as the one that is shown; none that diverged. */
export interface OtherRun {
  readonly projection: Projection;
  /** Of its final weights, without and of the penalty. */
  readonly loss: number;
  readonly penalty: number;
}

/** A landscape as fine as there was time for. */
export interface LandscapeFound {
  readonly kind: "landscape_found";
  readonly number: number;
  /** Other runs that are trained. */
  readonly trained: number;
  /** Null where there is none yet, or none at all, and why. */
  readonly landscape: Landscape | null;
  readonly why: string;
  /** Whether it becomes no finer. */
  readonly isDone: boolean;
}

interface BlockTrained {
  readonly kind: "block_trained";
  readonly part: number;
  readonly runs: readonly Run[];
}

interface StudyJudged {
  readonly kind: "study_judged";
  readonly number: number;
  readonly judgement: Judgement;
}

/** Something that should not be: a fault of ours, or a browser that cannot. */
interface Failed {
  readonly kind: "failed";
  readonly sentence: string;
}

export type FromWorker = Started | Result | BlockTrained | StudyJudged | PointsSplit | LandscapeFound | Failed;
