// Many networks of one experiment, from as many seeds: sixteen at once, or one by one where that is faster.

import { trainBlock } from "../engine/block.ts";
import type { Engine } from "../engine/engine.ts";
import { networkSizes, type Experiment } from "../engine/experiment.ts";
import { Stepper } from "../engine/stepper.ts";
import type { RunScore } from "./messages.ts";

const LANES = 16;

/**
 * Widest hidden layer of which sixteen networks at once take less time than one by one.
 *
 * Measured in Node with two hidden layers: a block costs 9 networks alone of width 4, 19 of width 8, and 25 from
 * 14 on. Results are the same to the last bit.
 */
const NARROW = 6;

/** How many seeds are trained together, so that the first results come early and none takes long. */
export function blockSize({ network }: Experiment): number {
  const hidden = networkSizes(network, 0, 0).slice(1, -1);
  return Math.max(0, ...hidden) <= NARROW ? LANES : 1;
}

/** Train the networks of some seeds, and score them on their test samples. */
export function trainSeeds(engine: Engine, experiment: Experiment, seeds: readonly string[]): RunScore[] {
  if (blockSize(experiment) === 1) return seeds.map((seed) => trainAlone(engine, experiment, seed));
  return trainBlock(engine, experiment, seeds.map(BigInt)).map(({ seed, test, history }) => ({
    seed: String(seed),
    loss: test.loss,
    accuracy: test.accuracy,
    diverged: !history.every(Number.isFinite),
  }));
}

function trainAlone(engine: Engine, experiment: Experiment, seed: string): RunScore {
  return engine.within(() => {
    const stepper = new Stepper(engine, experiment, BigInt(seed));
    stepper.train(experiment.training.epochs * stepper.updatesPerEpoch);
    const { loss, accuracy } = stepper.score("test");
    return { seed, loss, accuracy, diverged: stepper.diverged };
  });
}
