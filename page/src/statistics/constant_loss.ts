// The loss of the best answer that is the same for every sample: `mlplab.spec.regression.constant_loss`.

import { mean, median, sum } from "./sums.ts";

/** From where on Huber's loss grows as the error and no longer as its square. */
const HUBER_DELTA = 1;

/** Halvings of the interval that holds Huber's best answer. */
const HALVINGS = 60;

/**
 * The training loss of the best constant answer to some targets, one of each sample.
 *
 * It is the mean for the squared error, and the median for the absolute error. For Huber's loss it is where the sum
 * of its slopes changes sign.
 */
export function constantLoss(loss: string, targets: Float32Array): number {
  const y = Float64Array.from(targets);
  if (loss === "mean_squared_error") {
    const middle = mean(y);
    return mean(y.map((value) => (value - middle) ** 2));
  }
  if (loss === "mean_absolute_error") {
    const middle = median(y);
    return mean(y.map((value) => Math.abs(value - middle)));
  }
  const best = bestOfHuber(y);
  return mean(y.map((value) => huber(value - best)));
}

function huber(error: number): number {
  const size = Math.abs(error);
  return size <= HUBER_DELTA ? 0.5 * size ** 2 : HUBER_DELTA * size - 0.5 * HUBER_DELTA ** 2;
}

function bestOfHuber(y: Float64Array): number {
  let low = y.reduce((a, b) => Math.min(a, b));
  let high = y.reduce((a, b) => Math.max(a, b));
  for (let i = 0; i < HALVINGS; i++) {
    const middle = low + (high - low) / 2;
    const slope = sum(y.map((value) => Math.max(-HUBER_DELTA, Math.min(HUBER_DELTA, value - middle))));
    if (slope > 0) low = middle;
    else high = middle;
  }
  return low;
}
