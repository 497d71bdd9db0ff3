// What an experiment has besides layers, loss and steps, as numbers for kernels: `mlplab.engine.options`.

import type { Engine, Stored } from "./engine.ts";
import { dropoutRates, SCORES, type Experiment } from "./experiment.ts";

/** Values by the names that `engine.json` lists; what is not named is 0. */
type Named = Readonly<Record<string, number>>;

/** What is on, alike for all networks of a block: the address of what a switch stands for. */
export function switches(engine: Engine, experiment: Experiment): Stored<"int64"> {
  const { network } = experiment;
  const on: Readonly<Record<string, boolean>> = {
    penalised: network.kernel_regularizer !== null,
    noisy: network.input_noise > 0,
    drops: drops(experiment),
  };
  const values = Object.entries(on).map(([name, isOn]) => [name, isOn ? Number(engine.known("besides", name)[0]) : 0]);
  return engine.array("int64", inOrder(engine.contents.switches, Object.fromEntries(values) as Named));
}

/** Whether neurons are left out: then kernels keep what activations gave before. */
export function drops({ network }: Experiment): boolean {
  return dropoutRates(network).some((rate) => rate > 0);
}

/** How many numbers a history has of each epoch: those of `SCORES`, and two of penalties where there are any. */
export function scoresOf({ network }: Experiment): number {
  return network.kernel_regularizer === null ? SCORES : SCORES + 2;
}

/** Strengths, rates and patience, once for each network, (settings, networks). */
export function settings(engine: Engine, { network }: Experiment, networks: number): Stored<"float64"> {
  const [dropout = 0, ...others] = dropoutRates(network);
  const values = inOrder(engine.contents.settings, {
    l1: (network.kernel_regularizer?.["l1"] as number | undefined) ?? 0,
    l2: (network.kernel_regularizer?.["l2"] as number | undefined) ?? 0,
    noise_stddev: network.input_noise,
    dropout,
  });
  // The last is that of the first hidden layer, and those of the others follow.
  return inEach(engine, [...values, ...others], networks);
}

/** What is watched of networks before the first epoch, (watched, networks). */
export function beginWatching(engine: Engine, networks: number): Stored<"float64"> {
  return inEach(engine, inOrder(engine.contents.watched, { scale: 1 }), networks);
}

function inOrder(names: readonly string[], values: Named): number[] {
  return names.map((name) => values[name] ?? 0);
}

/** Each number once for each network, (numbers, networks). */
function inEach(engine: Engine, values: readonly number[], networks: number): Stored<"float64"> {
  return engine.array("float64", values.flatMap((value) => Array<number>(networks).fill(value)), values.length, networks);
}
