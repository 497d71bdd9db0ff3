// What the page and the workers say to each other.
//
// The page says what it wants, all of it, whenever that changes; the worker says what there is. A message
// that is doubled changes nothing, one that is late is known by its revision, and one that is lost is made up
// for by the next.

import type { Metric } from "../engine/heads.ts";
import type { Dataset, Experiment, Training, SplitName } from "../engine/experiment.ts";
import type { FiniteSamples } from "../engine/finite.ts";
import type { Layer } from "../engine/layout.ts";
import type { Points, Score, Snapshot } from "../engine/stepper.ts";
import type { Finding } from "../explain/sentences.ts";
import type { State } from "../state/state.ts";
import type { Run } from "../statistics/summary.ts";
import type { SetUp } from "../studies/set_up.ts";

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
  /** Whether the page knows the points of this training. */
  readonly knowsPoints: boolean;
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

export type ToWorker = Start | Wanted | TrainBlock | SplitPoints;

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
  /** Why the network is as it is, the likeliest cause first; null while it trains, where it goes on from saved numbers, and until it is known. */
  readonly why: readonly Finding[] | null;
  /** All that is needed to go on from what is shown; null while it trains. */
  readonly snapshot: Snapshot | null;
  readonly points: PlanePoints | null;
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

interface BlockTrained {
  readonly kind: "block_trained";
  readonly part: number;
  readonly runs: readonly Run[];
}

/** Something that should not be: a fault of ours, or a browser that cannot. */
interface Failed {
  readonly kind: "failed";
  readonly sentence: string;
}

export type FromWorker = Started | Result | BlockTrained | PointsSplit | Failed;
