// What of an experiment can change while a network trains: learning rate, batch size and epochs.

import type { Experiment } from "../engine/experiment.ts";
import { canonical } from "./canonical.ts";

/** Whether a training of one experiment can go on as one of another. */
export function canChangeInFlight(before: Experiment, after: Experiment): boolean {
  return fixedPart(before) === fixedPart(after);
}

function fixedPart({ dataset, network, training }: Experiment): string {
  const { batch_size: _, epochs: __, optimizer, ...rest } = training;
  const { learning_rate: ___, ...constants } = optimizer;
  return canonical([dataset, network, rest, constants]);
}
