// What is small enough to be trained and drawn in the page; more is for `mlplab train`.

import { classCount, type Experiment } from "../engine/experiment.ts";
import { grouped } from "../text/numbers.ts";
import type { Problem } from "./validate.ts";
import { spec } from "./schema.ts";

/** The field by which one makes each of them smaller. */
const FIELDS: { readonly [name: string]: string } = {
  classes: "dataset.classes",
  "training points": "dataset.train_per_class",
  "validation and test points": "dataset.test_per_class",
  "hidden layers": "network.hidden_layers",
  "neurons in a layer": "network.layer_width",
  "weights and biases": "network.layer_width",
  epochs: "training.epochs",
  updates: "training.epochs",
};

/** What of an experiment is too large for the page; undefined if nothing is. */
export function checkLimits(experiment: Experiment): Problem | undefined {
  if (experiment.training.dtype !== "float32") {
    const message = `the playground trains in float32, received ${experiment.training.dtype}: \`mlplab train\` takes both`;
    return { path: "training.dtype", message };
  }
  const counts = sizes(experiment);
  for (const [name, most] of Object.entries(spec.limits)) {
    const count = counts[name];
    if (count === undefined) throw new TypeError(`the limit of ${name} is not known here`);
    if (count > most) {
      const message =
        `the playground takes at most ${grouped(most)} ${name}, received ${grouped(count)}: ` +
        "`mlplab train` takes more";
      return { path: FIELDS[name] as string, message };
    }
  }
  return undefined;
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
  const layerSizes = [2n, ...widths.map(BigInt), classes];
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
