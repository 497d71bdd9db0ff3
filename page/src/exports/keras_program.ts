// A trained network as a Keras program: the same model, its weights, and how it was trained.

import { activations, dropoutRates, type Experiment, type Training } from "../engine/experiment.ts";
import { classWeights } from "../engine/heads.ts";
import { isOfTwoClasses, type Metric } from "../spec/losses.ts";
import { type Field, fieldAt, formOf, kinds } from "../spec/schema.ts";
import { representation } from "../spec/shown.ts";
import type { Value, ValueTable } from "../spec/values.ts";
import { asWritten } from "../spec/written.ts";
import { type ExportedNetwork, originOf, titleOf } from "./network.ts";
import { POINTS_FILE, TARGET } from "./csv_files.ts";
import { arraysText, pointsText } from "./python.ts";

/** What draws weights and biases: of an experiment's network, and as an argument of Keras's layer. */
const BEGINS = [
  { field: "initializer", argument: "kernel_initializer" },
  { field: "bias_initializer", argument: "bias_initializer" },
] as const;

/** A metric as an argument of Keras's `compile`. */
const METRICS: Readonly<Record<Metric, string>> = {
  accuracy: '"accuracy"',
  r2: "keras.metrics.R2Score()",
  mean_absolute_error: '"mean_absolute_error"',
};

/** Write the program, which reads the samples from the file of points beside it. */
export function kerasProgram(network: ExportedNetwork): string {
  const { experiment, layers, labels, changes } = network;
  const { network: writtenNetwork, training } = asWritten(experiment) as Readonly<Record<string, ValueTable>>;
  const names = activations(experiment.network);
  // Biases that begin at zero are Keras's default.
  const begins = BEGINS.filter(({ field }) => field === "initializer" || experiment.network[field].kind !== "zeros").map(
    ({ field, argument }) => {
      const part = writtenNetwork[field] as ValueTable;
      const own = partText(experiment, `network.${field}`, "initializers", part, "shared");
      const { shared } = experiment.network[field];
      return { given: `${argument}=${shared ? field : own}`, made: shared ? `${field} = ${own}\n` : "" };
    },
  );
  const made = begins.map((each) => each.made).join("");
  const regularizer = (writtenNetwork["kernel_regularizer"] ?? null) as ValueTable | null;
  const given = begins.map((each) => each.given);
  if (regularizer !== null)
    given.push(`kernel_regularizer=${partText(experiment, "network.kernel_regularizer", "regularizers", regularizer)}`);
  const ofTarget = labels.length === 0;
  const isOne = !ofTarget && layers[layers.length - 1].biases.length === 1;
  const output = ofTarget ? "linear" : isOne ? "sigmoid" : "softmax";
  const answers = isOne || ofTarget ? (y: string) => `${y}[:, None]` : (y: string) => `keras.utils.to_categorical(${y})`;
  const dense = (units: number, activation: string) =>
    `keras.layers.Dense(${units}, activation=${activationText(activation)}, ${given.join(", ")})`;
  const { input_noise: stddev } = experiment.network;
  const rates = dropoutRates(experiment.network);
  // Dropout and noise are in training only.
  const all = [
    ...(stddev > 0 ? [`keras.layers.GaussianNoise(${representation(stddev)})`] : []),
    ...layers.flatMap(({ biases }, i) => {
      const rate = rates[i] ?? 0;
      const dropout = rate > 0 ? [`keras.layers.Dropout(${representation(rate)})`] : [];
      return [dense(biases.length, names[i] ?? output), ...dropout];
    }),
  ];
  return `"""${titleOf(network, names)}

${originOf(network)}
Needs Keras 3 and a backend: pip install keras jax. Run it to see what it answers for a few points.
Keras keeps a layer's weights as (inputs, outputs): they are transposed where they are set.
"""

import csv
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
${made === "" ? "" : `\n# One for all layers, as in the experiment.\n${made}`}
# W of each layer, (outputs, inputs), and b of each, (outputs,).
${arraysText(layers)}

model = keras.Sequential(
    [
        keras.Input((2,)),
${all.map((each) => `        ${each},`).join("\n")}
    ]
)
model.compile(
    optimizer=${optimizerText(experiment, training)},
    loss=${lossText(experiment.training)},
    metrics=[${METRICS[network.metric]}],
)
dense = [layer for layer in model.layers if layer.weights]
for layer, w, b in zip(dense, W, B):
    layer.set_weights([w.T, b])

${ofTarget ? "" : `LABELS = ${representation(labels)}  # of the classes, ${isOne ? "whose output is the probability of the second" : "in the order of the outputs"}

`}
def read_samples(split, path=os.path.join(os.path.dirname(__file__), "${POINTS_FILE}")):
    """Return x, shape (points, 2), and the ${ofTarget ? "target" : "class"} of each, of "train", "validation" or "test"."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    x = np.array([[float(row["x1"]), float(row["x2"])] for row in rows], dtype=np.float32)
    return x, np.array([${ofTarget ? `float(row["${TARGET}"]) for row in rows], dtype=np.float32` : `LABELS.index(row["label"]) for row in rows]`})


# To train it from fresh weights, leave the loop above out and call
#     x, y = read_samples("train")
${fitText(experiment, training, labels, answers)}
${changes.length === 0 ? "" : "# with the settings of the end, not those that were changed on the way.\n"}
if __name__ == "__main__":
    points = np.array(${pointsText(network.samples)}, dtype=np.float32)
    print(model.predict(points, verbose=0))
    x, y = read_samples("test")
    print(model.evaluate(x, ${answers("y")}, verbose=0, return_dict=True))
`;
}

/** The call of `fit`, in a comment; with callbacks where a rule looks at each epoch. The spec's names are Keras's. */
function fitText(
  experiment: Experiment,
  training: ValueTable,
  labels: readonly string[],
  answers: (y: string) => string,
): string {
  const weights = classWeights(experiment.training, labels).map((weight, k) => `${k}: ${representation(weight)}`);
  const weighted = (experiment.training.class_weight ?? null) === null ? "" : `, class_weight={${weights.join(", ")}}`;
  const size = `batch_size=${training["batch_size"]}, epochs=${training["epochs"]}`;
  const fit = `model.fit(x, ${answers("y")}, ${size}${weighted}`;
  const rules = [
    ["EarlyStopping", training["early_stopping"]],
    ["ReduceLROnPlateau", training["reduce_lr_on_plateau"]],
  ] as const;
  const callbacks = rules.flatMap(([name, rule]) =>
    rule === undefined ? [] : [`keras.callbacks.${name}(${givenText(Object.entries(rule as ValueTable))})`],
  );
  const lines =
    callbacks.length === 0
      ? [`${fit})`]
      : [
          'vx, vy = read_samples("validation")',
          `${fit},`,
          `          validation_data=(vx, ${answers("vy")}),`,
          `          callbacks=[${callbacks.join(",\n#                     ")}])`,
        ];
  return lines.map((line) => `#     ${line}`).join("\n");
}

/** A loss by its name, or as Keras's class where labels are smoothed. */
function lossText({ loss, label_smoothing: smoothing = 0 }: Training): string {
  if (smoothing === 0) return `"${loss}"`;
  const name = isOfTwoClasses(loss) ? "BinaryCrossentropy" : "CategoricalCrossentropy";
  return `keras.losses.${name}(label_smoothing=${representation(smoothing)})`;
}

function givenText(fields: readonly (readonly [string, Value])[]): string {
  return fields.map(([name, value]) => `${name}=${representation(value)}`).join(", ");
}

/** An activation as Keras has it: both forms of the GELU by one name. */
function activationText(name: string): string {
  return name === "gelu_tanh" ? "lambda z: keras.activations.gelu(z, approximate=True)" : `"${name}"`;
}

function optimizerText(experiment: Experiment, training: ValueTable): string {
  const path = "training.optimizer";
  const { learning_rate: rate, ...others } = training["optimizer"] as ValueTable;
  const schedule = () =>
    partText(experiment, `${path}.learning_rate`, "optimizers.schedules", rate as ValueTable);
  const written = typeof rate === "number" ? representation(rate) : schedule();
  return partText(experiment, path, "optimizers", others).replace("(", `(learning_rate=${written}, `);
}

/** A part as Keras writes it; the spec's names are Keras's. */
function partText(experiment: Experiment, path: string, module: string, part: ValueTable, but?: string): string {
  const { kind, ...fields } = part;
  const family = formOf(fieldAt(experiment, path) as Field, part);
  const { title } = kinds(family).get(kind as string) as Field;
  const given = Object.entries(fields).filter(([name, value]) => name !== but && value !== null);
  return `keras.${module}.${title}(${givenText(given)})`;
}
