// A training for what samples have: classes, of which with own points some come and go, or targets.

import type { Training } from "../engine/experiment.ts";
import { classWeights } from "../engine/heads.ts";
import { isOfTwoClasses, looksAtMetric, lossesOf } from "../spec/losses.ts";
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
export function fittedTraining(before: Training, labelNames: readonly string[]): FittedTraining {
  const { training: given, changes: others } = learningFrom(before, labelNames.length === 0);
  const changes = [...others];
  let training = given;
  const { loss, class_weight } = given;
  if (isOfTwoClasses(loss) && labelNames.length !== 2) {
    const other = words(OF_ANY_NUMBER);
    changes.push(`The loss ${words(loss)} is of two classes, and there are ${labelNames.length}: ${other} took its place.`);
    training = { ...training, loss: OF_ANY_NUMBER };
  }
  const weights = Object.entries(class_weight ?? {});
  const isWeighted = classWeights(given, labelNames).some((weight) => weight > 0);
  const left = isWeighted ? weights.filter(([name]) => labelNames.includes(name)) : [];
  if (left.length < weights.length) {
    const gone = weights.filter((each) => !left.includes(each)).map(([name]) => name);
    changes.push(`${gone.length === 1 ? "The weight of class" : "The weights of the classes"} ${gone.join(", ")} went.`);
    training = { ...training, class_weight: left.length > 0 ? Object.fromEntries(left) : null };
  }
  return { training, changes };
}

/** What takes the place of a loss of two classes where there are more. */
const OF_ANY_NUMBER = "categorical_crossentropy";

/** The loss that both classes and targets have. */
const OF_BOTH = "mean_squared_error";

/**
 * The training, or one for samples with targets, or for samples with classes.
 *
 * A loss of the other kind makes way for the squared error. With targets, smoothing of labels and weights of classes
 * go, and rules look at losses in place of accuracies.
 */
export function learningFrom(given: Training, ofTargets: boolean): FittedTraining {
  const changes: string[] = [];
  let training = given;
  if (!(given.loss in lossesOf(ofTargets))) {
    const [of, has] = ofTargets ? ["classes", "a target"] : ["targets", "classes"];
    changes.push(`The loss ${words(given.loss)} is of ${of}, and the samples have ${has}: ${words(OF_BOTH)} took its place.`);
    training = { ...training, loss: OF_BOTH, label_smoothing: 0 };
  }
  if (!ofTargets) return { training, changes };
  if ((given.class_weight ?? null) !== null) {
    changes.push("The weights of the classes went.");
    training = { ...training, class_weight: null };
  }
  for (const name of ["early_stopping", "reduce_lr_on_plateau"] as const) {
    const rule = training[name] ?? null;
    if (rule === null || !looksAtMetric(rule.monitor)) continue;
    const monitor = rule.monitor.replace("accuracy", "loss");
    changes.push(`There is no accuracy of a target: ${words(name)} monitors ${words(monitor)}.`);
    training = { ...training, [name]: { ...rule, monitor } };
  }
  return { training, changes };
}
