// What an experiment has besides layers, loss and steps, as numbers for kernels: `mlplab.engine.options`.

import type { Engine, Stored } from "./engine.ts";
import type { Experiment } from "./experiment.ts";

/** Values by the names that `engine.json` lists; what is not named is 0. */
type Named = Readonly<Record<string, number>>;

/** What is on, alike for all networks of a block. */
export function switches(engine: Engine, { training }: Experiment): Stored<"int64"> {
  const { optimizer } = training;
  const values = {
    clips: 1 + engine.contents.clipping.findIndex((name) => isSet(optimizer[name])),
    decays: Number((optimizer.weight_decay ?? 0) > 0),
  };
  return engine.array("int64", inOrder(engine.contents.switches, values));
}

/** Strengths, rates and patience, once for each network, (settings, networks). */
export function settings(engine: Engine, { network, training }: Experiment, networks: number): Stored<"float64"> {
  const limit = engine.contents.clipping.map((name) => training.optimizer[name]).find(isSet);
  const values = inOrder(engine.contents.settings, { clip: limit === undefined ? 0 : Number(limit) });
  // The last is that of the first hidden layer, and those of the others follow.
  values.push(...Array<number>(Math.max(0, network.hidden_layers - 1)).fill(0));
  return inEach(engine, values, networks);
}

/** What is watched of networks before the first epoch, (watched, networks). */
export function beginWatching(engine: Engine, networks: number): Stored<"float64"> {
  return inEach(engine, inOrder(engine.contents.watched, { scale: 1 }), networks);
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
