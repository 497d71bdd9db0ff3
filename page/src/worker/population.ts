// Many networks of one set-up, from as many seeds: sixteen at once, or one by one where that is faster.

import { trainBlock, type Trained } from "../engine/block.ts";
import type { Engine } from "../engine/engine.ts";
import { learned } from "../engine/finite.ts";
import { networkSizes, SCORES } from "../engine/experiment.ts";
import { Stepper } from "../engine/stepper.ts";
import { howItEnded } from "../statistics/ending.ts";
import type { Run } from "../statistics/summary.ts";
import type { SetUp } from "../studies/set_up.ts";

const LANES = 16;

/**
 * Widest hidden layer of which sixteen networks at once take less time than one by one.
 *
 * Measured in Node with one to ten hidden layers and batches of 16 and 64: of width 16, a block takes 0.4 to 0.9
 * of the time that its networks take alone, of 20 0.3 to 1.1, of 50 (tasks 1.3 and 1.4) 1.4 to 1.6. Results are the
 * same to the last bit.
 */
const NARROW = 16;

/** How many seeds are trained together, so that the first results come early and none takes long. */
export function blockSize({ experiment }: SetUp): number {
  const hidden = networkSizes(experiment.network, 0, 0).slice(1, -1);
  return Math.max(0, ...hidden) <= NARROW ? LANES : 1;
}

/** Train the networks of some seeds, and score them on their test samples. */
export function trainSeeds(engine: Engine, setUp: SetUp, seeds: readonly string[]): Run[] {
  const { experiment, samples } = setUp;
  if (blockSize(setUp) === 1) return seeds.map((seed) => trainAlone(engine, setUp, seed));
  const trained = trainBlock(engine, experiment, seeds.map(BigInt), samples, false);
  return trained.map(({ seed, ...each }) => runOf(String(seed), each));
}

function trainAlone(engine: Engine, { experiment, samples }: SetUp, seed: string): Run {
  return engine.within(() => {
    const stepper = new Stepper(engine, experiment, BigInt(seed), samples);
    stepper.train(experiment.training.epochs * stepper.updatesPerEpoch, false);
    stepper.restoreBestWeights();
    const { history, layers } = stepper;
    const ofTraining = learned(experiment.training.loss, stepper.points("train").y, stepper.classes);
    return runOf(seed, { history, layers, ...ofTraining, train: stepper.score("train"), test: stepper.score("test") });
  });
}

function runOf(
  seed: string,
  { history, layers, labelled, constantLoss, train, test }: Omit<Trained, "seed" | "validation" | "penalties">,
): Run {
  const ending = howItEnded({
    trainLosses: [...history.filter((_, i) => i % SCORES === 0), train.loss],
    weightsAreFinite: layers.every(({ weights, biases }) => [weights, biases].every((each) => each.every(Number.isFinite))),
    accuracy: train.metric,
    predicted: train.predicted,
    labelled,
    constantLoss,
  });
  return { seed, ending, metric: test.metric };
}
