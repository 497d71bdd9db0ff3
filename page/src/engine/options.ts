// What an experiment has besides layers, loss and steps, as numbers for kernels: `mlplab.engine.options`.

import type { Engine, Stored, Value } from "./engine.ts";
import { activations, dropoutRates, PENALTIES, SCORES, type Experiment, type Training } from "./experiment.ts";
import type { Head } from "./heads.ts";
import { strengthsOf } from "./penalty.ts";

/** Values by the names that `engine.json` lists; what is not named is 0. */
type Named = Readonly<Record<string, number>>;

/** What networks have besides, in the order in which kernels take it: `mlplab.engine.besides`. */
export interface Besides {
  readonly switches: Stored<"int64">;
  /** (settings, networks). */
  readonly settings: Stored<"float64">;
  readonly keys: Stored<"uint64">;
  /** The parameters of the best epoch: no rows, where none are restored. */
  readonly best: Stored<"float32">;
  /** Room for sums. */
  readonly squares: Stored<"float64">;
}

/** What networks with these keys of noise, and so many rows of parameters, have besides; null if they have nothing. */
export function besidesOf(
  engine: Engine,
  experiment: Experiment,
  { answers }: Head,
  keys: readonly bigint[],
  rows: number,
): Besides | null {
  const { network, training } = experiment;
  const on = switches(engine, experiment);
  const { step_sizes } = engine.contents.optimizers[training.optimizer.kind];
  // The exact module has no kernels of their own for what has nothing besides.
  const isPlain =
    engine.fused &&
    engine.view(on).every((value) => value === 0n) &&
    !activations(network).some((name) => engine.contents.keep_z.includes(name)) &&
    answers === 1 &&
    step_sizes === 1;
  if (isPlain) return null;
  return {
    switches: on,
    settings: settings(engine, experiment, keys.length),
    keys: engine.array("uint64", keys),
    best: engine.zeros("float32", training.early_stopping?.restore_best_weights ? rows : 0, engine.contents.lanes),
    squares: engine.zeros("float64", keys.length),
  };
}

/** A training kernel's name, and its argument `besides`: there is one for what has nothing besides. */
export function withBesides(kernel: "block_train" | "single_train", besides: Besides | null): [string, Value] {
  if (besides === null) return [`${kernel}_plain`, 0];
  const { switches: on, settings: strengths, keys, best, squares } = besides;
  return [kernel, [on, strengths, keys, best, squares]];
}

/** What is on, alike for all networks of a block: the address of what a switch stands for, or what it monitors. */
function switches(engine: Engine, experiment: Experiment): Stored<"int64"> {
  const { network, training } = experiment;
  const { early_stopping: stop, reduce_lr_on_plateau: reduce, optimizer } = training;
  const address = (name: string, isOn: boolean) => (isOn ? Number(engine.known("besides", name)[0]) : 0);
  const monitor = (rule: { readonly monitor: string } | null | undefined) =>
    rule ? 1 + engine.contents.monitors.indexOf(rule.monitor) : 0;
  return engine.array(
    "int64",
    inOrder(engine.contents.switches, {
      penalised: address("penalised", network.kernel_regularizer !== null),
      noisy: address("noisy", network.input_noise > 0),
      drops: address("drops", drops(experiment)),
      clips: 1 + engine.contents.clipping.findIndex((name) => isSet(optimizer[name])),
      decays: Number((optimizer.weight_decay ?? 0) > 0),
      stops_early: monitor(stop),
      restores: stop?.restore_best_weights ? 1 : 0,
      reduces: monitor(reduce),
    }),
  );
}

/** Whether neurons are left out: then kernels keep what activations gave before. */
export function drops({ network }: Experiment): boolean {
  return dropoutRates(network).some((rate) => rate > 0);
}

/** How many numbers a history has of each epoch: `SCORES`, and `PENALTIES` where there are any. */
export function scoresOf({ network }: Experiment): number {
  return network.kernel_regularizer === null ? SCORES : SCORES + PENALTIES;
}

/** Whether a rule looks at the scores on validation samples. */
export function looksAtValidation({ early_stopping: stop, reduce_lr_on_plateau: reduce }: Training): boolean {
  return [stop, reduce].some((rule) => rule?.monitor.startsWith("val_"));
}

/** Strengths, rates and patience, once for each network, (settings, networks). */
export function settings(engine: Engine, { network, training }: Experiment, networks: number): Stored<"float64"> {
  const { early_stopping: stop, reduce_lr_on_plateau: reduce, optimizer } = training;
  const rate = typeof optimizer.learning_rate === "number" ? optimizer.learning_rate : 0;
  const [dropout = 0, ...others] = dropoutRates(network);
  const limit = engine.contents.clipping.map((name) => optimizer[name]).find(isSet);
  const values = inOrder(engine.contents.settings, {
    ...strengthsOf(network),
    noise_stddev: network.input_noise,
    clip: limit === undefined ? 0 : Number(limit),
    min_delta: stop?.min_delta ?? 0,
    patience: stop?.patience ?? 0,
    start_from_epoch: stop?.start_from_epoch ?? 0,
    factor: reduce?.factor ?? 0,
    plateau_patience: reduce?.patience ?? 0,
    plateau_min_delta: reduce?.min_delta ?? 0,
    cooldown: reduce?.cooldown ?? 0,
    lowest: rate > 0 ? (reduce?.min_lr ?? 0) / rate : Infinity,
    dropout,
  });
  // The last is that of the first hidden layer, and those of the others follow.
  return inEach(engine, [...values, ...others], networks);
}

/** What is watched of networks before the first epoch, (watched, networks). */
export function beginWatching(engine: Engine, networks: number): Stored<"float64"> {
  return inEach(engine, inOrder(engine.contents.watched, { scale: 1 }), networks);
}

/** One of the numbers that are watched, of one network. */
export function watchedOf(engine: Engine, watched: Stored<"float64">, name: string, network = 0): number {
  return engine.view(watched)[engine.contents.watched.indexOf(name) * watched.shape[1] + network];
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}

function inOrder(names: readonly string[], values: Named): number[] {
  return names.map((name) => values[name] ?? 0);
}

/** Each number once for each network, (numbers, networks). */
function inEach(engine: Engine, values: readonly number[], networks: number): Stored<"float64"> {
  return engine.array("float64", values.flatMap((value) => Array<number>(networks).fill(value)), values.length, networks);
}
