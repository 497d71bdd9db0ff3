// What is small enough to be trained and drawn in the page; more is for `mlplab train`.

import { classCount, hasTargets, isDrawn, type Experiment } from "../engine/experiment.ts";
import { isOfTwoClasses } from "./losses.ts";
import { grouped } from "../text/numbers.ts";
import { spec } from "./schema.ts";

/** Why an experiment is not for the page; null if it is. */
export function checkLimits(experiment: Experiment): string | null {
  const { dtype } = experiment.training;
  if (dtype !== "float32") return `the playground trains in float32, received ${dtype}: \`mlplab train\` takes both`;
  if ((experiment.dataset["sample_weight"] ?? null) !== null)
    return "the playground trains with samples that weigh alike, received sample_weight: `mlplab train` takes both";
  const { kind, target = null } = experiment.dataset;
  if (target !== null) return "the playground takes own samples with classes, received targets: `mlplab train` takes both";
  if (isDrawn(experiment.dataset) && !spec.planar.includes(kind))
    return `the playground draws samples of two features, received ${kind}: \`mlplab train\` takes others`;
  const counts = sizes(experiment);
  for (const [name, most] of Object.entries(spec.limits)) {
    const count = counts[name];
    if (count === undefined) throw new TypeError(`the limit of ${name} is not known here`);
    if (count > most)
      return `the playground takes at most ${grouped(most)} ${name}, received ${grouped(count)}: \`mlplab train\` takes more`;
  }
  return null;
}

/** How much there is of each that is limited; exact, also where it is much too large. */
function sizes(experiment: Experiment): { readonly [name: string]: bigint } {
  const { dataset, network, training } = experiment;
  // Own points are checked where they come in.
  const { train_per_class, test_per_class, train_samples, test_samples } = dataset;
  const classes = BigInt(classCount(dataset));
  const all = hasTargets(dataset) ? 1n : classes;
  const train = isDrawn(dataset) ? all * BigInt(train_per_class ?? train_samples ?? 0) : 1n;
  const others = isDrawn(dataset) ? 2n * all * BigInt(test_per_class ?? test_samples ?? 0) : 1n;
  const width = network.layer_width;
  const layers = network.hidden_layers;
  const widths = typeof width === "number" ? Array<number>(layers).fill(width) : (width ?? []);
  const layerSizes = [2n, ...widths.map(BigInt), isOfTwoClasses(training.loss) ? 1n : all];
  const weights = layerSizes.slice(1).map((outputs, i) => ((layerSizes[i] as bigint) + 1n) * outputs);
  const batches = (train + BigInt(training.batch_size) - 1n) / BigInt(training.batch_size);
  return {
    classes,
    "training points": train,
    "validation and test points": others,
    "hidden layers": BigInt(layers),
    "neurons in a layer": BigInt(Math.max(0, ...widths)),
    "weights and biases": weights.reduce((sum, each) => sum + each, 0n),
    epochs: BigInt(training.epochs),
    updates: BigInt(training.epochs) * batches,
  };
}
