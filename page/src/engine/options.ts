// What an experiment has besides layers, loss and steps, as numbers for kernels: `mlplab.engine.options`.

import type { Engine, Stored } from "./engine.ts";
import type { Experiment } from "./experiment.ts";

/** Values by the names that `engine.json` lists; what is not named is 0. */
type Named = Readonly<Record<string, number>>;

/** What is on, alike for all networks of a block. */
export function switches(engine: Engine, _experiment: Experiment): Stored<"int64"> {
  return engine.array("int64", inOrder(engine.contents.switches, {}));
}

/** Strengths, rates and patience, once for each network, (settings, networks). */
export function settings(engine: Engine, { network }: Experiment, networks: number): Stored<"float64"> {
  const values = inOrder(engine.contents.settings, {});
  // The last is that of the first hidden layer, and those of the others follow.
  values.push(...Array<number>(Math.max(0, network.hidden_layers - 1)).fill(0));
  return inEach(engine, values, networks);
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
