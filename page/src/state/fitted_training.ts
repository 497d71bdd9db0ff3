// A training for the classes that there are: with own points, classes come and go.

import type { Training } from "../engine/experiment.ts";
import { classWeights, OF_ANY_NUMBER, OF_TWO_CLASSES } from "../engine/heads.ts";
import { words } from "../text/sentence.ts";

interface FittedTraining {
  readonly training: Training;
  /** What was changed, in sentences. */
  readonly changes: readonly string[];
}

/**
 * The training, or one that these classes can be trained with.
 *
 * A loss of two classes makes way for that of any number. Weights of classes that are gone go, and all of them
 * where no class would weigh anything.
 */
export function fittedTraining(given: Training, labelNames: readonly string[]): FittedTraining {
  const changes: string[] = [];
  let training = given;
  const { loss, class_weight } = given;
  if (OF_TWO_CLASSES.includes(loss) && labelNames.length !== 2) {
    const other = words(OF_ANY_NUMBER);
    changes.push(`The loss ${words(loss)} is of two classes, and there are ${labelNames.length}: ${other} took its place.`);
    training = { ...training, loss: OF_ANY_NUMBER };
  }
  const weights = Object.entries(class_weight ?? {});
  const isWeighed = classWeights(given, labelNames).some((weight) => weight > 0);
  const left = isWeighed ? weights.filter(([name]) => labelNames.includes(name)) : [];
  if (left.length < weights.length) {
    const gone = weights.filter((each) => !left.includes(each)).map(([name]) => name);
    changes.push(`${gone.length === 1 ? "The weight of class" : "The weights of the classes"} ${gone.join(", ")} went.`);
    training = { ...training, class_weight: left.length > 0 ? Object.fromEntries(left) : null };
  }
  return { training, changes };
}
