// An experiment as Python's spec writes it as JSON, and the sizes that follow from it.

export interface Part {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface Dataset extends Part {
  readonly train_per_class: number;
  readonly test_per_class: number;
  readonly classes?: number;
}

export interface Initializer extends Part {
  readonly shared: boolean;
}

export interface Optimizer extends Part {
  readonly learning_rate: number | Part;
  readonly weight_decay?: number;
}

export interface Network {
  readonly hidden_layers: number;
  readonly layer_width: number | readonly number[] | null;
  readonly activation: string | readonly string[] | null;
  readonly initializer: Initializer;
  readonly bias_initializer: Initializer;
  readonly kernel_regularizer: Part | null;
  readonly dropout: number | readonly number[];
  readonly input_noise: number;
}

export interface Training {
  readonly loss: string;
  readonly optimizer: Optimizer;
  readonly batch_size: number;
  readonly epochs: number;
  readonly dtype: string;
  readonly label_smoothing?: number;
  readonly class_weight?: Readonly<Record<string, number>> | null;
  /** When it ends before its last epoch. */
  readonly early_stopping?: EarlyStopping | null;
  /** When the learning rate becomes smaller. */
  readonly reduce_lr_on_plateau?: ReduceLROnPlateau | null;
}

export interface EarlyStopping {
  readonly monitor: string;
  readonly patience: number;
  readonly min_delta: number;
  readonly start_from_epoch: number;
  readonly restore_best_weights: boolean;
}

export interface ReduceLROnPlateau {
  readonly monitor: string;
  readonly factor: number;
  readonly patience: number;
  readonly min_delta: number;
  readonly cooldown: number;
  readonly min_lr: number;
}

export interface Experiment {
  readonly dataset: Dataset;
  readonly network: Network;
  readonly training: Training;
}

export type SplitName = "train" | "validation" | "test";

export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** Of an epoch: training loss and accuracy, validation loss and accuracy. */
export const SCORES = 4;

/** Of an epoch, where there are penalties: the mean of those before each update, and that after the epoch. */
export const PENALTIES = 2;

/** How many numbers the rules remember that look at each epoch. */
export const WATCHED = 8;

export function classCount(dataset: Dataset): number {
  return dataset.classes ?? 2;
}

/** What the classes of a dataset that is drawn are called: their numbers. */
export function drawnLabelNames(dataset: Dataset): string[] {
  return Array.from({ length: classCount(dataset) }, (_, k) => String(k));
}

/** Samples in the training, the validation and the test split, of all classes together. */
export function counts(dataset: Dataset): [number, number, number] {
  const classes = classCount(dataset);
  const test = classes * dataset.test_per_class;
  return [classes * dataset.train_per_class, test, test];
}

/** The activation of each hidden layer. */
export function activations(network: Network): string[] {
  return each(network.activation, network.hidden_layers);
}

/** The probability with which neurons of each hidden layer are left out. */
export function dropoutRates(network: Network): number[] {
  return each(network.dropout, network.hidden_layers);
}

/** Inputs, the neurons of each hidden layer, outputs. */
export function networkSizes(network: Network, features: number, outputs: number): number[] {
  return [features, ...each(network.layer_width, network.hidden_layers), outputs];
}

export function updatesPerEpoch(samples: number, batchSize: number): number {
  return Math.ceil(samples / batchSize);
}

/** How far a training is: whole epochs, and training samples of the next one that are used. */
export interface Place {
  readonly epoch: number;
  readonly used: number;
}

/** How far it is after so many updates more; the rest of an epoch is divided into batches of the size given. */
export function placeAfter({ epoch, used }: Place, updates: number, samples: number, batchSize: number): Place {
  const size = Math.min(batchSize, samples);
  const left = updatesPerEpoch(samples - used, size);
  if (updates < left) return { epoch, used: used + updates * size };
  const rest = updates - left;
  const all = updatesPerEpoch(samples, size);
  return { epoch: epoch + 1 + Math.floor(rest / all), used: (rest % all) * size };
}

function each<T>(value: T | readonly T[] | null, layers: number): T[] {
  if (value === null) return [];
  return Array.isArray(value) ? [...value] : Array<T>(layers).fill(value as T);
}
