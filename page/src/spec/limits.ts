// What is small enough to be trained and drawn in the page; more is for `mlplab train`.

import { classCount, type Experiment } from "../engine/experiment.ts";
import { OF_TWO_CLASSES } from "../engine/heads.ts";
import { grouped } from "../text/numbers.ts";
import { spec } from "./schema.ts";

/** Why an experiment is not for the page; null if it is. */
export function checkLimits(experiment: Experiment): string | null {
  const { dtype } = experiment.training;
  if (dtype !== "float32") return `the playground trains in float32, received ${dtype}: \`mlplab train\` takes both`;
  if ((experiment.dataset["sample_weight"] ?? null) !== null)
    return "the playground trains with samples that weigh alike, received sample_weight: `mlplab train` takes both";
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
  const isDrawn = dataset.train_per_class !== undefined;
  const classes = BigInt(classCount(dataset));
  const train = isDrawn ? classes * BigInt(dataset.train_per_class) : 1n;
  const others = isDrawn ? 2n * classes * BigInt(dataset.test_per_class) : 1n;
  const width = network.layer_width;
  const layers = network.hidden_layers;
  const widths = typeof width === "number" ? Array<number>(layers).fill(width) : (width ?? []);
  const layerSizes = [2n, ...widths.map(BigInt), OF_TWO_CLASSES.includes(training.loss) ? 1n : classes];
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
