// How a run ended: `mlplab.run.ending`.

import { sum, type Numbers } from "./sums.ts";

export type Ending = "finished" | "stuck" | "diverged";

/** With one class predicted, the others are predicted for less than this fraction of those that have them. */
const FEW_PREDICTIONS = 0.1;

/** Of targets: a training loss that is below that of the best constant answer by less than this fraction is no better. */
const LEAST_EXPLAINED = 0.01;

/** So many standard deviations above luck, predictions are no luck. */
const CHANCE_DEVIATIONS = 3.09;

interface Finish {
  /** The training loss of each epoch, and that of the final weights. */
  readonly trainLosses: Numbers;
  /** Whether all final weights and biases are. */
  readonly weightsAreFinite: boolean;
  /** Fraction of the training samples that the final weights get right; of targets, it means nothing. */
  readonly accuracy: number;
  /** Training samples for which each class is predicted. */
  readonly predicted: readonly number[];
  /** Training samples that have each class. */
  readonly labelled: readonly number[];
  /** Of targets, the training loss of the best constant answer; null of classes. */
  readonly constantLoss?: number | null;
}

export function howItEnded(finish: Finish): Ending {
  const { trainLosses, weightsAreFinite, accuracy, predicted, labelled, constantLoss = null } = finish;
  if (!weightsAreFinite || !Array.from(trainLosses).every(Number.isFinite)) return "diverged";
  if (constantLoss !== null) {
    const last = trainLosses[trainLosses.length - 1];
    // Targets that are all alike are met by a constant, and a network that meets them is not stuck.
    return last > 0 && last > (1 - LEAST_EXPLAINED) * constantLoss ? "stuck" : "finished";
  }
  const correct = Math.round(accuracy * sum(labelled));
  return isOneClass(predicted, labelled) || isChance(correct, predicted, labelled) ? "stuck" : "finished";
}

/** Whether one class is predicted for nearly all samples, and not rightly so. */
function isOneClass(predicted: readonly number[], labelled: readonly number[]): boolean {
  const first = predicted.indexOf(Math.max(...predicted));
  const others = (counts: readonly number[]) => sum(counts) - counts[first];
  return others(predicted) < FEW_PREDICTIONS * others(labelled);
}

/**
 * Whether predictions are no more right than the most common class, or than luck explains.
 *
 * The formulas stand at `_is_chance` in Python.
 */
function isChance(correct: number, predicted: readonly number[], labelled: readonly number[]): boolean {
  const n = sum(labelled);
  const products = predicted.map((p, k) => p * labelled[k]);
  const mean = sum(products) / n;
  const parts = products.map((product, k) => product * ((n - predicted[k]) * (n - labelled[k]) - product));
  const spread = sum(parts) + (mean * n) ** 2;
  const deviation = Math.sqrt(Math.max(spread, 0) / (n ** 2 * Math.max(n - 1, 1)));
  const mostCommon = Math.max(...labelled);
  const isLuck = correct <= mean + CHANCE_DEVIATIONS * deviation;
  return correct < n && (correct <= mostCommon || (isLuck && 2 * correct < mostCommon + n));
}
