// src/bench/speed.ts
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";

// src/engine/experiment.ts
var SCORES = 4;
var PENALTIES = 2;
function hasTargets(dataset) {
  return dataset.train_samples !== void 0;
}
function classCount(dataset) {
  return hasTargets(dataset) ? 0 : dataset.classes ?? 2;
}
function drawnLabelNames(dataset) {
  return Array.from({ length: classCount(dataset) }, (_, k) => String(k));
}
function counts(dataset) {
  const { train_per_class = 0, test_per_class = 0, train_samples = 0, test_samples = 0 } = dataset;
  const classes = classCount(dataset);
  const [train, test] = classes === 0 ? [train_samples, test_samples] : [classes * train_per_class, classes * test_per_class];
  return [train, test, test];
}
function activations(network) {
  return each(network.activation, network.hidden_layers);
}
function dropoutRates(network) {
  return each(network.dropout, network.hidden_layers);
}
function networkSizes(network, features, outputs) {
  return [features, ...each(network.layer_width, network.hidden_layers), outputs];
}
function updatesPerEpoch(samples, batchSize) {
  return Math.ceil(samples / batchSize);
}
function each(value, layers) {
  if (value === null) return [];
  return Array.isArray(value) ? [...value] : Array(layers).fill(value);
}

// src/engine/layout.ts
var Layout = class {
  /** Neurons before each level: inputs, hidden layers, outputs. */
  level;
  /** Rows of LANES parameters before each layer, and in all. */
  begin;
  sizes;
  lanes;
  isBlock;
  constructor(lanes, sizes, { isBlock }) {
    this.lanes = lanes;
    this.sizes = sizes;
    this.isBlock = isBlock;
    const rows = (inputs) => isBlock ? inputs + 1 : rowsOf(inputs, lanes);
    this.level = starts(sizes).slice(0, -1);
    this.begin = starts(sizes.slice(1).map((outputs, layer) => rows(sizes[layer]) * outputs));
  }
  get rows() {
    return this.begin[this.begin.length - 1];
  }
  /** Weights and biases in all. */
  get parameters() {
    return this.sizes.slice(1).reduce((sum2, outputs, layer) => sum2 + outputs * (this.sizes[layer] + 1), 0);
  }
  get outputs() {
    return this.sizes[this.sizes.length - 1];
  }
  /** Neurons in all, the inputs included. */
  get neurons() {
    return this.level[this.level.length - 1] + this.outputs;
  }
  /** Write the parameters of a network, of a block that in a lane. */
  pack(theta, layers, lane = 0) {
    layers.forEach(({ weights, biases }, layer) => {
      const inputs = this.sizes[layer];
      biases.forEach((value, output) => {
        const { first, step, bias } = this.places(layer, output, lane);
        for (let i = 0; i < inputs; i++) theta[first + i * step] = weights[output * inputs + i];
        theta[bias] = value;
      });
    });
  }
  /** Read the parameters that `pack` wrote. */
  unpack(theta, lane = 0) {
    return this.sizes.slice(1).map((outputs, layer) => {
      const inputs = this.sizes[layer];
      const weights = new Float32Array(inputs * outputs);
      const biases = new Float32Array(outputs);
      for (let output = 0; output < outputs; output++) {
        const { first, step, bias } = this.places(layer, output, lane);
        for (let i = 0; i < inputs; i++) weights[output * inputs + i] = theta[first + i * step];
        biases[output] = theta[bias];
      }
      return { weights, biases };
    });
  }
  /** Where an output's first weight stands, how far it is to the next ones, and where its bias stands. */
  places(layer, output, lane) {
    const { lanes } = this;
    const [inputs, outputs, begin] = [this.sizes[layer], this.sizes[layer + 1], this.begin[layer]];
    if (this.isBlock) {
      const place = (row) => (begin + row) * lanes + lane;
      return { first: place(output * inputs), step: lanes, bias: place(inputs * outputs + output) };
    }
    const first = (begin + output * rowsOf(inputs, lanes)) * lanes;
    return { first, step: 1, bias: first + inputs };
  }
};
function described(engine, layout, activations2, head) {
  const { keep_z: keepZ } = engine.contents;
  const addresses = activations2.flatMap((name) => [
    ...engine.known("activations", name),
    keepZ.includes(name) ? 1n : 0n
  ]);
  return {
    sizes: engine.array("int64", layout.sizes),
    begin: engine.array("int64", layout.begin),
    level: engine.array("int64", layout.level),
    activations: engine.array("int64", addresses, activations2.length, 3),
    head: engine.array("int64", [...engine.known("heads", head.name), BigInt(head.answers), BigInt(head.weighs)])
  };
}
function rowsOfH(engine, activations2, drops2, rows) {
  return drops2 || activations2.some((name) => engine.contents.keep_z.includes(name)) ? 2 * rows : rows;
}
function packedWidth(features, answers = 1) {
  return Math.ceil((features + answers) / 4) * 4;
}
function packSamples(engine, x, y, features) {
  const samples = x.length / features;
  const width = packedWidth(features);
  const packed = engine.zeros("float32", 1, samples, width);
  const numbers = engine.view(packed);
  for (let i = 0; i < samples; i++) {
    for (let feature = 0; feature < features; feature++) numbers[i * width + feature] = x[i * features + feature];
    numbers[i * width + features] = y === null ? 0 : y[i];
  }
  return packed;
}
function without(split) {
  const [trials, , width] = split.shape;
  return { ...split, shape: [trials, 0, width] };
}
function vectorsOf(engine, samples) {
  const { lanes, vectors } = engine.contents;
  return Math.min(vectors, Math.floor((samples + lanes - 1) / lanes));
}
function rowsOf(inputs, lanes) {
  return Math.floor((inputs + lanes) / lanes);
}
function starts(counts2) {
  const sums = [0];
  for (const count of counts2) sums.push(sums[sums.length - 1] + count);
  return sums;
}

// src/engine/drawing.ts
var CONSTANTS = 3;
function drawSamples(engine, dataset, seeds) {
  const { parameters, features, targets, uniforms } = engine.contents.datasets[dataset.kind];
  const [train, validation, test] = counts(dataset).map(
    (count) => engine.zeros("float32", seeds.length, count, packedWidth(features, Math.max(targets, 1)))
  );
  const splits = [train, validation, test];
  engine.within(
    () => engine.call(`samples_${dataset.kind}`, {
      parameters: table(engine, dataset, parameters, seeds.length),
      seeds: engine.array("uint64", seeds),
      classes: Math.max(classCount(dataset), 1),
      // of targets, all samples are drawn together
      features,
      targets,
      uniforms,
      splits
    })
  );
  return splits;
}
function drawLayers(engine, network, sizes, seeds) {
  const shapes = sizes.slice(1).map((outputs, layer) => [sizes[layer] * outputs, sizes[layer], outputs]);
  const weights = drawNumbers(engine, network.initializer, shapes, 0, seeds);
  const vectors = sizes.slice(1).map((outputs) => [outputs, outputs, outputs]);
  const biases = drawNumbers(engine, network.bias_initializer, vectors, engine.contents.biases, seeds);
  return seeds.map((_, i) => {
    const [w, b] = [apart(weights[i], shapes), apart(biases[i], vectors)];
    return w.map((of, layer) => ({ weights: of, biases: b[layer] }));
  });
}
function drawNumbers(engine, initializer, shapes, firstPart, seeds) {
  const names = shapes.map((shape) => shape.join(" "));
  const distinct = [...new Set(names)];
  const parts = names.map((name, layer) => {
    if (initializer.shared) return firstPart + 1 + distinct.indexOf(name);
    return layer === 0 ? firstPart : engine.contents.goes_on;
  });
  const count = shapes.reduce((sum2, [numbers]) => sum2 + numbers, 0);
  return engine.within(() => {
    const numbers = engine.zeros("float64", seeds.length, count);
    engine.call(`layers_${initializer.kind}`, {
      parameters: table(engine, initializer, engine.contents.initializers[initializer.kind], seeds.length),
      seeds: engine.array("uint64", seeds),
      layers: engine.array("int64", shapes.flat(), shapes.length, 3),
      parts: engine.array("int64", parts),
      numbers
    });
    const drawn = engine.view(numbers);
    return seeds.map((_, i) => Float32Array.from(drawn.subarray(i * count, (i + 1) * count)));
  });
}
function apart(numbers, shapes) {
  let end = 0;
  return shapes.map(([count]) => numbers.subarray(end, end += count));
}
function shuffleKeys(engine, seeds) {
  return keysOf(engine, "shuffle", seeds);
}
function noiseKeys(engine, seeds) {
  return keysOf(engine, "noise", seeds);
}
function keysOf(engine, stream, seeds) {
  return engine.within(() => {
    const keys = engine.zeros("uint64", seeds.length);
    const number = engine.contents.streams.indexOf(stream);
    engine.call("keys", { stream: number, seeds: engine.array("uint64", seeds), keys });
    return [...engine.view(keys)];
  });
}
function learningRates(engine, rate, steps) {
  if (typeof rate === "number") return new Float64Array(steps.length).fill(rate);
  return engine.within(() => {
    const out = engine.zeros("float64", steps.length);
    engine.call(`rates_${rate.kind}`, {
      steps: engine.array("float64", steps),
      parameters: engine.contents.schedules[rate.kind].map((name) => {
        const value = rate[name];
        return Array.isArray(value) ? engine.array("float64", value) : asNumber(value);
      }),
      out
    });
    return engine.copy(out);
  });
}
function stepSizes(engine, optimizer, updates) {
  const { parameters, step_sizes } = engine.contents.optimizers[optimizer.kind];
  const steps = Array.from({ length: updates }, (_, i) => i);
  const decay = optimizer.weight_decay ?? 0;
  const count = step_sizes + (decay > 0 ? 1 : 0);
  return engine.within(() => {
    const sizes = engine.zeros("float64", count, updates);
    engine.call(`step_sizes_${optimizer.kind}`, {
      steps: engine.array("float64", steps),
      rates: engine.array("float64", learningRates(engine, optimizer.learning_rate, steps)),
      weight_decay: decay,
      parameters: parameters.map((name) => asNumber(optimizer[name])),
      sizes
    });
    const rows = engine.view(sizes);
    const turned = new Float32Array(updates * count);
    for (let update = 0; update < updates; update++)
      for (let i = 0; i < count; i++) turned[update * count + i] = rows[i * updates + update];
    return { sizes: turned, count };
  });
}
function optimizerOf(engine, optimizer) {
  const { parameters, updates } = engine.contents.optimizers[optimizer.kind];
  return engine.within(() => {
    const constants = engine.zeros("float64", CONSTANTS);
    const which = engine.zeros("int64", 1);
    engine.call(`describe_${optimizer.kind}`, {
      parameters: parameters.map((name) => asNumber(optimizer[name])),
      constants,
      which
    });
    const [place] = engine.view(which);
    const [address] = engine.known("optimizers", updates[Number(place)]);
    return { address, constants: [...engine.view(constants)] };
  });
}
function table(engine, part, names, rows) {
  const row = names.map((name) => asNumber(part[name]));
  return engine.array("float64", Array(rows).fill(row).flat(), rows, row.length);
}
function asNumber(value) {
  return value === null || value === void 0 ? NaN : Number(value);
}

// src/statistics/sums.ts
function sum(values, start = 0, end = values.length) {
  let total = 0;
  for (let i = start; i < end; i++) total += values[i];
  return total;
}
function mean(values, start = 0, end = values.length) {
  return sum(values, start, end) / (end - start);
}
function sorted(values) {
  return Float64Array.from(values).sort();
}
function median(values) {
  return quantile(sorted(values), 0.5);
}
function quantile(ascending, fraction) {
  const place = fraction * (ascending.length - 1);
  const below = Math.floor(place);
  const [low, high] = [ascending[below], ascending[Math.min(below + 1, ascending.length - 1)]];
  return low + (high - low) * (place - below);
}

// src/statistics/constant_loss.ts
var HUBER_DELTA = 1;
var HALVINGS = 60;
function constantLoss(loss, targets) {
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
function huber(error) {
  const size2 = Math.abs(error);
  return size2 <= HUBER_DELTA ? 0.5 * size2 ** 2 : HUBER_DELTA * size2 - 0.5 * HUBER_DELTA ** 2;
}
function bestOfHuber(y) {
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

// src/engine/finite.ts
function samplesOf(engine, dataset, finite, seeds) {
  if (finite === null) {
    const { features: features2, targets } = engine.contents.datasets[dataset.kind];
    const labelNames2 = drawnLabelNames(dataset);
    return { features: features2, classes: labelNames2.length, targets, labelNames: labelNames2, splits: drawSamples(engine, dataset, seeds) };
  }
  const { x, y, features, classes, labelNames, split } = finite;
  const [train, validation, test] = [0, 1, 2].map((part) => {
    const ofPart = x.filter((_, i) => split[Math.floor(i / features)] === part);
    return packSamples(engine, ofPart, y.filter((_, i) => split[i] === part), features);
  });
  return { features, classes, targets: 0, labelNames, splits: [train, validation, test] };
}
function learned(loss, y, classes) {
  return { labelled: countClasses(classes === 0 ? [] : y, classes), constantLoss: classes === 0 ? constantLoss(loss, y) : null };
}
function countClasses(y, classes) {
  const counts2 = new Array(classes).fill(0);
  for (const k of y) counts2[k]++;
  return counts2;
}

// src/spec/spec.json
var explanation = {
  codes: [
    "constant_features",
    "constant_targets",
    "foreign_inputs",
    "foreign_targets",
    "equal_neurons",
    "saturated_from_the_start",
    "dead_from_the_start",
    "exploding",
    "linear",
    "vanishing",
    "other_loss",
    "overshoots",
    "oscillates",
    "saturated",
    "dead",
    "low_rate",
    "cooled",
    "few_updates",
    "imbalanced",
    "plateau",
    "few_epochs",
    "improves",
    "learned",
    "converged"
  ],
  learned: [
    "improves",
    "learned",
    "converged"
  ],
  causes: {
    constant_features: {
      short: "features that do not vary",
      sentence: "No feature varies (training samples: {samples}), so that the network cannot tell samples apart.",
      numbers: {
        samples: "count"
      }
    },
    constant_targets: {
      short: "targets that do not vary",
      sentence: "The targets do not vary (training samples: {samples}), so that there is but one number to learn; the training loss is {loss}.",
      numbers: {
        samples: "count",
        loss: "number"
      }
    },
    foreign_inputs: {
      short: "features of a foreign scale",
      sentence: "The features are of a foreign scale: their root mean square is up to {size}, the smallest standard deviation is {smallest} and the largest {largest}; initial weights are made for about 1.",
      numbers: {
        size: "number",
        smallest: "number",
        largest: "number"
      }
    },
    foreign_targets: {
      short: "targets of a foreign scale",
      sentence: "The targets are of a foreign scale: their root mean square is up to {size}; initial weights and learning rates are made for about 1.",
      numbers: {
        size: "number"
      }
    },
    equal_neurons: {
      short: "equal neurons",
      sentence: "All {width} neurons of hidden layer {layer} have the same weights: they began alike, get the same gradients and stay alike, so that the layer is worth one neuron.",
      numbers: {
        width: "count",
        layer: "count"
      }
    },
    saturated_from_the_start: {
      short: "neurons saturated from the start",
      sentence: "Saturated neurons in hidden layer {layer}: {count} of {width}, since before the first update. Their weights are so large that they stand on the flat ends of their activation, where hardly any gradient passes.",
      numbers: {
        count: "count",
        width: "count",
        layer: "count"
      }
    },
    dead_from_the_start: {
      short: "neurons dead from the start",
      sentence: "Dead neurons in hidden layer {layer}: {count} of {width}, since before the first update. Their activation has no slope at any training sample, so that no gradient changes them.",
      numbers: {
        count: "count",
        width: "count",
        layer: "count"
      }
    },
    exploding: {
      short: "signals that explode",
      sentence: "Signals explode on their way through the layers: before the first update, what the last hidden layer gives varies {forwards} times as much as the inputs, and on its way back the error becomes {backwards} times as large.",
      numbers: {
        forwards: "number",
        backwards: "number"
      }
    },
    linear: {
      short: "straight boundaries only",
      sentence: "The network is linear, since nothing in it bends, and draws straight boundaries only: its {metric} on the training samples has come to {score}, where {reference}.",
      numbers: {
        score: "score",
        reference: "reference"
      }
    },
    vanishing: {
      short: "gradients that vanish",
      sentence: "The gradient vanishes: at the end, \u2202L/\u2202W of hidden layer {layer} is {times} times smaller than the error at the outputs; before the first update it was tiny, too.",
      numbers: {
        layer: "count",
        times: "count"
      }
    },
    other_loss: {
      short: "another loss that is trained",
      sentence: "What is trained is another loss: weights of classes or samples, or a penalty, are part of it. It has come from {begun} to {ended}, and the training loss itself has risen from {first} to {loss}.",
      numbers: {
        begun: "number",
        ended: "number",
        first: "number",
        loss: "number"
      }
    },
    overshoots: {
      short: "steps that overshoot",
      sentence: "The steps overshoot: the training loss was {first} before the first update and is {loss} at the end. The learning rate of {rate} is too high.",
      numbers: {
        first: "number",
        loss: "number",
        rate: "number"
      }
    },
    oscillates: {
      short: "steps that jump to and fro",
      sentence: "The steps jump to and fro: the training loss, {loss} at the end, changes by {swing} from one measurement to the next and falls no further. The learning rate of {rate} is too high.",
      numbers: {
        swing: "number",
        loss: "number",
        rate: "number"
      }
    },
    saturated: {
      short: "saturated neurons",
      sentence: "Saturated neurons in hidden layer {layer}: {count} of {width}, since epoch {epoch}. They stand on the flat ends of their activation, where hardly any gradient passes.",
      numbers: {
        count: "count",
        width: "count",
        layer: "count",
        epoch: "count"
      }
    },
    dead: {
      short: "dead neurons",
      sentence: "Dead neurons in hidden layer {layer}: {count} of {width}, since epoch {epoch}. Their activation has no slope at any training sample, so that no gradient changes them.",
      numbers: {
        count: "count",
        width: "count",
        layer: "count",
        epoch: "count"
      }
    },
    low_rate: {
      short: "a learning rate that is too low",
      sentence: "The learning rate of {rate} is too low: in {updates}, the weights went no further than {moved} of their size.",
      numbers: {
        rate: "number",
        moved: "fraction",
        updates: "updates"
      }
    },
    cooled: {
      short: "a learning rate that became small",
      sentence: "The schedule has reduced the learning rate from {first} to {last}, before all was learned.",
      numbers: {
        first: "number",
        last: "number"
      }
    },
    few_updates: {
      short: "too few updates",
      sentence: "It was trained too shortly: after {updates} the training loss has come from {first} to {loss}, and where it goes is not yet known.",
      numbers: {
        updates: "updates",
        first: "number",
        loss: "number"
      }
    },
    imbalanced: {
      short: "imbalanced classes",
      sentence: "{common} of {samples} training samples are of one class, and the network answers one class for {always} of them.",
      numbers: {
        common: "count",
        samples: "count",
        always: "count"
      }
    },
    plateau: {
      short: "a loss that hardly falls",
      sentence: "The training loss hardly falls any more (at best {before} until epoch {epoch}, {lowest} since), and neither neurons, gradients nor steps show why: the network may be too small for these samples, or need many more epochs.",
      numbers: {
        before: "number",
        epoch: "count",
        lowest: "number"
      }
    },
    few_epochs: {
      short: "too few epochs to tell",
      sentence: "Too little was seen to tell why: in {epochs}, the training loss has come from {first} to {loss}. After {least} epochs, more can be said.",
      numbers: {
        epochs: "epochs",
        first: "number",
        loss: "number",
        least: "count"
      }
    },
    improves: {
      short: "learned, and still improves",
      sentence: "Nothing is wrong: its {metric} on the training samples is {score}, where {reference}. The loss still falls (at best {before} until epoch {epoch}, {lowest} since): more epochs may help.",
      numbers: {
        score: "score",
        reference: "reference",
        before: "number",
        epoch: "count",
        lowest: "number"
      }
    },
    learned: {
      short: "learned",
      sentence: "Nothing is wrong: its {metric} on the training samples is {score}, where {reference}. After {updates} in {epochs}, it is too early to tell whether more epochs would help.",
      numbers: {
        score: "score",
        reference: "reference",
        updates: "updates",
        epochs: "epochs"
      }
    },
    converged: {
      short: "learned, and has converged",
      sentence: "Nothing is wrong: its {metric} on the training samples is {score}, where {reference}, and the loss hardly falls any more (at best {before} until epoch {epoch}, {lowest} since).",
      numbers: {
        score: "score",
        reference: "reference",
        before: "number",
        epoch: "count",
        lowest: "number"
      }
    }
  },
  metrics: {
    accuracy: "accuracy",
    r2: "R\xB2",
    mean_absolute_error: "mean absolute error"
  },
  measures: 8,
  facts: [
    "failed",
    "updates",
    "reference",
    "is_linear",
    "lower_is_better",
    "input_size",
    "smallest_deviation",
    "largest_deviation",
    "target_size",
    "common_class",
    "reference_error",
    "samples",
    "target_deviation",
    "smallest_reach",
    "one_class",
    "first_rate",
    "last_rate",
    "features",
    "begun_at",
    "ended_at"
  ],
  sample_facts: [
    "reference",
    "input_size",
    "smallest_deviation",
    "largest_deviation",
    "target_size",
    "common_class",
    "reference_error",
    "samples",
    "target_deviation",
    "smallest_reach"
  ],
  most_numbers: 5,
  most_looks: 48,
  followed: 64,
  factors: [
    10,
    3,
    0.3333333333333333,
    0.1
  ],
  initializers: [
    "glorot_uniform",
    "he_normal"
  ],
  activations: [
    "relu",
    "leaky_relu",
    "tanh"
  ],
  times_longer: [
    3,
    10
  ],
  times_wider: [
    2,
    4
  ],
  first_layer: {
    "network.hidden_layers": 1,
    "network.layer_width": 10,
    "network.activation": "relu"
  },
  largest_work: 3e10,
  beyond: 4,
  always: 2,
  tolerated: 0.05
};
var losses = {
  classes: {
    mean_squared_error: {
      metric: "accuracy",
      is_mean_of_outputs: true,
      smooths_labels: false,
      has_one_output: false
    },
    categorical_crossentropy: {
      metric: "accuracy",
      is_mean_of_outputs: false,
      smooths_labels: true,
      has_one_output: false
    },
    binary_crossentropy: {
      metric: "accuracy",
      is_mean_of_outputs: true,
      smooths_labels: true,
      has_one_output: true
    }
  },
  targets: {
    mean_squared_error: {
      metric: "r2",
      is_mean_of_outputs: true,
      smooths_labels: false,
      has_one_output: false
    },
    mean_absolute_error: {
      metric: "mean_absolute_error",
      is_mean_of_outputs: true,
      smooths_labels: false,
      has_one_output: false
    },
    huber: {
      metric: "mean_absolute_error",
      is_mean_of_outputs: true,
      smooths_labels: false,
      has_one_output: false
    }
  }
};

// src/spec/losses.ts
var LOSSES = losses;
function lossesOf(ofTargets) {
  return LOSSES[ofTargets ? "targets" : "classes"];
}
function isOfTwoClasses(loss) {
  return LOSSES.classes[loss]?.has_one_output ?? false;
}

// src/engine/heads.ts
function lossOf({ dataset, training }) {
  return lossesOf(hasTargets(dataset))[training.loss];
}
function headOf(contents2, training, outputs, ofTargets = false) {
  const { loss, label_smoothing = 0, class_weight = null } = training;
  const isWeighted = label_smoothing > 0 || class_weight !== null;
  const name = `${isWeighted ? "weighted_" : ""}${ofTargets ? "linear_" : ""}${loss}`;
  let end = 0;
  const places = contents2.answers[name].map((answer2) => {
    const first = end;
    end += contents2.of_each_output.includes(answer2) ? outputs : 1;
    return [answer2, [first, end]];
  });
  return { name, places: Object.fromEntries(places), answers: end, weighs: "weight" in Object.fromEntries(places) };
}
function outputsFor({ loss }, classes, targets = 0) {
  return isOfTwoClasses(loss) ? 1 : classes + targets;
}
function classWeights({ class_weight = null }, labelNames) {
  return labelNames.map((name) => class_weight !== null && Object.hasOwn(class_weight, name) ? class_weight[name] : 1);
}
function withAnswers(engine, splits, features, training, head, labelNames) {
  const { places, answers } = head;
  if (Object.keys(places).length === 1) return splits;
  const { label_smoothing = 0 } = training;
  const learned2 = (places["label"] ?? places["targets"])[1];
  const weights = classWeights(training, labelNames);
  const [train, validation, test] = splits.map((split, part) => {
    const [trials, samples, width] = split.shape;
    const wide = packedWidth(features, answers);
    const packed = engine.zeros("float32", trials, samples, wide);
    const [from, to] = [engine.view(split), engine.view(packed)];
    const put = (i, answer2, value) => {
      if (answer2 in places) to[i * wide + features + places[answer2][0]] = value;
    };
    for (let i = 0; i < trials * samples; i++) {
      to.set(from.subarray(i * width, i * width + features + learned2), i * wide);
      const label = from[i * width + features];
      put(i, "smoothing", label_smoothing);
      put(i, "weight", part === 0 && "label" in places ? weights[label] : 1);
    }
    if ("scales" in places) engine.call("scales", { packed, features, targets: learned2 });
    return packed;
  });
  return [train, validation, test];
}

// src/engine/penalty.ts
function strengthsOf({ kernel_regularizer: regularizer }) {
  const strength = (name) => regularizer?.[name] ?? 0;
  return { l1: strength("l1"), l2: strength("l2") };
}
function penaltyOf(network, layers) {
  if (network.kernel_regularizer === null) return null;
  const { l1, l2 } = strengthsOf(network);
  let penalty = 0;
  for (const { weights } of layers) for (const w of weights) penalty += l1 * Math.abs(w) + l2 * w ** 2;
  return penalty;
}

// src/engine/options.ts
function besidesOf(engine, experiment, { answers }, keys, rows) {
  const { network, training } = experiment;
  const on = switches(engine, experiment);
  const { step_sizes } = engine.contents.optimizers[training.optimizer.kind];
  const isPlain = engine.fused && engine.view(on).every((value) => value === 0n) && !activations(network).some((name) => engine.contents.keep_z.includes(name)) && answers === 1 && step_sizes === 1;
  if (isPlain) return null;
  return {
    switches: on,
    settings: settings(engine, experiment, keys.length),
    keys: engine.array("uint64", keys),
    best: engine.zeros("float32", training.early_stopping?.restore_best_weights ? rows : 0, engine.contents.lanes),
    squares: engine.zeros("float64", keys.length)
  };
}
function withBesides(kernel, besides) {
  if (besides === null) return [`${kernel}_plain`, 0];
  const { switches: on, settings: strengths, keys, best, squares } = besides;
  return [kernel, [on, strengths, keys, best, squares]];
}
function switches(engine, experiment) {
  const { network, training } = experiment;
  const { early_stopping: stop, reduce_lr_on_plateau: reduce, optimizer } = training;
  const address = (name, isOn) => isOn ? Number(engine.known("besides", name)[0]) : 0;
  const monitor = (rule) => rule ? 1 + engine.contents.monitors.indexOf(rule.monitor) : 0;
  return engine.array(
    "int64",
    inOrder(engine.contents.switches, {
      penalised: address("penalised", network.kernel_regularizer !== null),
      noisy: address("noisy", network.input_noise > 0),
      drops: address("drops", drops(experiment)),
      clips: 1 + engine.contents.clipping.findIndex((name) => isSet(optimizer[name])),
      decays: Number((optimizer.weight_decay ?? 0) > 0),
      stops_early: monitor(stop),
      restores: stop?.restore_best_weights ? 1 : 0,
      reduces: monitor(reduce)
    })
  );
}
function drops({ network }) {
  return dropoutRates(network).some((rate) => rate > 0);
}
function scoresOf({ network }) {
  return network.kernel_regularizer === null ? SCORES : SCORES + PENALTIES;
}
function looksAtValidation({ early_stopping: stop, reduce_lr_on_plateau: reduce }) {
  return [stop, reduce].some((rule) => rule?.monitor.startsWith("val_"));
}
function settings(engine, { network, training }, networks) {
  const { early_stopping: stop, reduce_lr_on_plateau: reduce, optimizer } = training;
  const rate = typeof optimizer.learning_rate === "number" ? optimizer.learning_rate : 0;
  const [dropout = 0, ...others] = dropoutRates(network);
  const limit = engine.contents.clipping.map((name) => optimizer[name]).find(isSet);
  const values = inOrder(engine.contents.settings, {
    ...strengthsOf(network),
    noise_stddev: network.input_noise,
    clip: limit === void 0 ? 0 : Number(limit),
    min_delta: stop?.min_delta ?? 0,
    patience: stop?.patience ?? 0,
    start_from_epoch: stop?.start_from_epoch ?? 0,
    factor: reduce?.factor ?? 0,
    plateau_patience: reduce?.patience ?? 0,
    plateau_min_delta: reduce?.min_delta ?? 0,
    cooldown: reduce?.cooldown ?? 0,
    lowest: rate > 0 ? (reduce?.min_lr ?? 0) / rate : Infinity,
    dropout
  });
  return inEach(engine, [...values, ...others], networks);
}
function beginWatching(engine, networks) {
  return inEach(engine, inOrder(engine.contents.watched, { scale: 1 }), networks);
}
function watchedOf(engine, watched, name, network = 0) {
  return engine.view(watched)[engine.contents.watched.indexOf(name) * watched.shape[1] + network];
}
function isSet(value) {
  return value !== null && value !== void 0;
}
function inOrder(names, values) {
  return names.map((name) => values[name] ?? 0);
}
function inEach(engine, values, networks) {
  return engine.array("float64", values.flatMap((value) => Array(networks).fill(value)), values.length, networks);
}

// src/engine/block.ts
function trainBlock(engine, experiment, seeds, finite = null, validate = true) {
  return engine.within(() => {
    const { dataset, network, training } = experiment;
    const { lanes, chunk, stride, segment } = engine.contents;
    const filled = Array.from({ length: lanes }, (_, lane) => seeds[Math.min(lane, seeds.length - 1)]);
    const { features, classes, targets, labelNames, splits: drawnSplits } = samplesOf(engine, dataset, finite, filled);
    const outputs = outputsFor(training, classes, targets);
    const head = headOf(engine.contents, training, outputs, targets > 0);
    const splits = withAnswers(engine, drawnSplits, features, training, head, labelNames);
    const sizes = networkSizes(network, features, outputs);
    const layout = new Layout(lanes, sizes, { isBlock: true });
    const [train, validation, test] = splits;
    const samples = train.shape[1];
    const batchSize = Math.min(training.batch_size, samples);
    const updates = training.epochs * updatesPerEpoch(samples, batchSize);
    const rates = stepSizes(engine, training.optimizer, updates);
    const { address, constants } = optimizerOf(engine, training.optimizer);
    const drawn = drawLayers(engine, network, sizes, filled);
    const theta = engine.zeros("float32", layout.rows, lanes);
    drawn.forEach((layers, lane) => layout.pack(engine.view(theta), layers, lane));
    const number = (...shape) => engine.zeros("float32", ...shape);
    const rows = layout.neurons * stride;
    const width = train.shape[2];
    const shared = {
      theta,
      ...described(engine, layout, activations(network), head),
      stop: engine.zeros("uint8", 1),
      h: number(rowsOfH(engine, activations(network), drops(experiment), rows), lanes),
      taken: number(width, lanes),
      answers: number(head.answers * stride, lanes),
      scratch: number(3, chunk, lanes)
    };
    const watched = beginWatching(engine, lanes);
    const perEpoch = scoresOf(experiment);
    const unseen = new Float64Array(training.epochs * perEpoch * lanes).fill(NaN);
    const history = engine.array("float64", unseen, training.epochs, perEpoch, lanes);
    const besides = besidesOf(engine, experiment, head, noiseKeys(engine, filled), layout.rows);
    const [kernel, argument] = withBesides("block_train", besides);
    engine.within(
      () => engine.call(kernel, {
        ...shared,
        optimizer: address,
        constants: engine.array("float32", constants.flatMap((value) => Array(lanes).fill(value)), 3, lanes),
        rates: repeated(engine, rates, lanes),
        keys: engine.array("uint64", shuffleKeys(engine, filled)),
        batch_size: batchSize,
        besides: argument,
        samples: train,
        validation: validate || looksAtValidation(training) ? validation : without(validation),
        history,
        watched,
        done: engine.zeros("int64", 1),
        evaluation: engine.known("evaluation", "block")[0],
        indices: engine.zeros("int32", lanes, Math.max(samples, chunk) + lanes),
        partners: engine.zeros("int32", samples),
        delta: number(rows, lanes),
        gradient: number(layout.rows, lanes),
        first_moment: number(layout.rows * lanes),
        second_moment: number(layout.rows * lanes),
        rate: number(rates.count * segment / lanes, lanes),
        repeated: number(3, segment),
        at_end: number(layout.rows, lanes),
        ended: engine.zeros("uint8", lanes),
        seen: engine.zeros("float64", 3, lanes),
        uncounted: engine.zeros("int64", 0, lanes)
      })
    );
    const evaluate = (split) => {
      const seen = engine.zeros("float64", 2, lanes);
      const predicted = engine.zeros("int64", classes, lanes);
      engine.call("block_evaluate", {
        ...shared,
        samples: split,
        indices: engine.zeros("int32", lanes, chunk),
        seen,
        predicted
      });
      const scores2 = engine.copy(seen);
      const counts2 = [...engine.view(predicted)].map(Number);
      return (lane) => ({
        loss: scores2[lane],
        metric: scores2[lanes + lane],
        predicted: Array.from({ length: classes }, (_, k) => counts2[k * lanes + lane])
      });
    };
    const [ofTrain, ofValidation, ofTest] = [train, validation, test].map(evaluate);
    const numbers = engine.copy(theta);
    const scores = engine.copy(history);
    const packed = engine.view(train);
    const answersOf = (lane) => {
      const first = train.shape[0] === 1 ? 0 : lane * samples * width;
      return Float32Array.from({ length: samples }, (_, i) => packed[first + i * width + features]);
    };
    const epochs = (lane) => watchedOf(engine, watched, "epochs", lane) || training.epochs;
    return seeds.map((seed, lane) => ({
      seed,
      history: columns(epochs(lane), perEpoch, 0, SCORES, (i) => scores[i * lanes + lane]),
      penalties: columns(epochs(lane), perEpoch, SCORES, perEpoch, (i) => scores[i * lanes + lane]),
      train: ofTrain(lane),
      validation: ofValidation(lane),
      test: ofTest(lane),
      ...learned(training.loss, answersOf(lane), classes),
      layers: layout.unpack(numbers, lane)
    }));
  });
}
function columns(epochs, perEpoch, first, end, at) {
  const width = end - first;
  return Float64Array.from(
    { length: epochs * width },
    (_, i) => at(Math.floor(i / width) * perEpoch + first + i % width)
  );
}
function repeated(engine, { sizes }, lanes) {
  const stored = engine.zeros("float32", sizes.length, lanes);
  const numbers = engine.view(stored);
  sizes.forEach((value, i) => numbers.fill(value, i * lanes, (i + 1) * lanes));
  return stored;
}

// src/engine/engine.ts
var VIEWS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint64: BigUint64Array
};
var LINE = 64;
var Engine = class _Engine {
  contents;
  /** Whether a product and a sum are rounded once by one instruction, and not by way of float64. */
  fused;
  memory;
  exports;
  heap;
  addresses;
  bottom;
  top;
  constructor(contents2, instance, fused) {
    const place = (name) => instance.exports[name].value;
    this.contents = contents2;
    this.fused = fused;
    this.memory = instance.exports["memory"];
    this.exports = instance.exports;
    this.heap = place("heap");
    this.addresses = place("addresses");
    this.bottom = place("__heap_base");
    this.top = this.bottom;
  }
  /** Give back all arrays. Nothing that was made before may be used again. */
  clear() {
    this.top = this.bottom;
  }
  /** Use the fused module where the processor rounds a product and a sum once, else the exact one. */
  static async start(contents2, modules2) {
    const fused = await instantiated(await modules2.fused());
    if (fused !== null && roundsOnce(fused)) return new _Engine(contents2, fused, true);
    return _Engine.exact(contents2, modules2);
  }
  /** Use the exact module, which is the same to the last bit and slower. */
  static async exact(contents2, modules2) {
    const exact = await instantiated(await modules2.exact());
    if (exact === null) throw new Error("This browser cannot run WebAssembly with SIMD: any of 2023 or later can.");
    return new _Engine(contents2, exact, false);
  }
  /** Make an array of zeros. */
  zeros(type, ...shape) {
    const at = Math.ceil(this.top / LINE) * LINE;
    const bytes = size(shape) * VIEWS[type].BYTES_PER_ELEMENT;
    this.reserve(at + bytes);
    new Uint8Array(this.memory.buffer, at, bytes).fill(0);
    return { type, shape, at };
  }
  /** Make an array of some numbers. */
  array(type, numbers, ...shape) {
    const stored = this.zeros(type, ...shape.length > 0 ? shape : [numbers.length]);
    const view = this.view(stored);
    const isWhole = type === "int64" || type === "uint64";
    for (let i = 0; i < numbers.length; i++) view[i] = isWhole ? BigInt(numbers[i]) : numbers[i];
    return stored;
  }
  /** The numbers of an array, where they are. */
  view(stored) {
    return new VIEWS[stored.type](this.memory.buffer, stored.at, size(stored.shape));
  }
  /** A copy of the numbers of an array. */
  copy(stored) {
    return this.view(stored).slice();
  }
  /** Do something, and give back the arrays that were made meanwhile. */
  within(work) {
    const before = this.top;
    try {
      return work();
    } finally {
      this.top = before;
    }
  }
  /** What kernels know an activation, a head or an optimizer by. */
  known(family, name) {
    const places = this.contents.addresses[family]?.[name];
    if (places === void 0) throw new Error(`the module has no ${name} among its ${family}`);
    const table2 = new Uint32Array(this.memory.buffer, this.addresses);
    return places.map((place) => BigInt(table2[place]));
  }
  /** Call a function with its arguments by name. */
  call(name, values) {
    this.within(() => {
      const slots = [];
      for (const [argument, kind] of this.contents.functions[name]) flatten(kind, values[argument], slots);
      const at = this.zeros("uint64", slots.length).at;
      new BigUint64Array(this.memory.buffer, at, slots.length).set(slots);
      new Uint32Array(this.memory.buffer, this.heap, 1)[0] = this.top;
      const status = this.exports[name](at);
      if (status !== 0) throw new Error(`${name} failed with status ${status}`);
    });
  }
  reserve(end) {
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    this.top = end;
  }
};
async function instantiated(bytes) {
  if (!WebAssembly.validate(bytes)) return null;
  return (await WebAssembly.instantiate(bytes, {})).instance;
}
function roundsOnce(instance) {
  const multiplyAdd = instance.exports["multiply_add"];
  const x = 1 + 2 ** -12;
  return multiplyAdd(x, x, -(1 + 2 ** -11)) === 2 ** -24;
}
function size(shape) {
  return shape.reduce((product, length) => product * length, 1);
}
var bits = new DataView(new ArrayBuffer(8));
function flatten(kind, value, out) {
  if (typeof kind === "string") {
    if (kind === "none") {
      out.push(0n);
    } else if (kind === "float64") {
      bits.setFloat64(0, value, true);
      out.push(bits.getBigUint64(0, true));
    } else {
      out.push(BigInt.asUintN(64, BigInt(value)));
    }
  } else if ("tuple" in kind) {
    kind.tuple.forEach((each2, i) => flatten(each2, value[i], out));
  } else {
    const { type, shape, at } = value;
    if (type !== kind.array || shape.length !== kind.dimensions)
      throw new Error(`expected ${kind.array} of ${kind.dimensions} dimensions, received ${type} of shape ${shape}`);
    const bytes = VIEWS[type].BYTES_PER_ELEMENT;
    const strides = [];
    let step = bytes;
    for (const length of [...shape].reverse()) {
      strides.unshift(step);
      step *= length;
    }
    out.push(...[0, 0, size(shape), bytes, at, ...shape, ...strides].map(BigInt));
  }
}

// src/explain/table.ts
var explanation2 = explanation;

// src/engine/measured.ts
function forwards(engine, of, samples, layers) {
  const { layout, network } = of;
  let { theta } = of;
  if (layers !== void 0) {
    theta = engine.zeros("float32", layout.rows, engine.contents.lanes);
    layout.pack(engine.view(theta), layers);
  }
  const { lanes } = engine.contents;
  const vectors = vectorsOf(engine, samples.shape[1]);
  return {
    theta,
    ...network,
    samples,
    vectors,
    chosen: engine.zeros("int64", vectors * lanes),
    h: engine.zeros("float32", layout.neurons * vectors, lanes),
    answers: engine.zeros("float32", 1, vectors * lanes),
    scratch: engine.zeros("float32", 3, vectors, lanes)
  };
}
function measure(engine, of, samples, classes, parameters, before) {
  const { layout, head, activations: activations2 } = of;
  const { lanes } = engine.contents;
  return engine.within(() => {
    const stored = (numbers) => engine.array("float32", numbers, layout.rows, lanes);
    const { answers: _, h: __, ...through } = forwards(engine, of, samples);
    const { vectors } = through;
    const rows = layout.neurons * vectors;
    const widest = Math.floor((Math.max(...layout.sizes) + lanes) / lanes);
    const settings2 = engine.contents.settings.length + layout.sizes.length;
    const predicted = engine.zeros("int64", classes, 1);
    const seen = engine.zeros("float64", 3, 1);
    const layers = layout.sizes.length - 1;
    const measures = engine.zeros("float64", layers, explanation2.measures);
    engine.call("measure", {
      ...through,
      theta: stored(parameters),
      before: stored(before),
      switches: engine.zeros("int64", engine.contents.switches.length),
      settings: engine.zeros("float64", settings2, 1),
      keys: engine.zeros("uint64", 1),
      h: engine.zeros("float32", rowsOfH(engine, activations2, false, rows), lanes),
      delta: engine.zeros("float32", rows, lanes),
      by_sample: engine.zeros("float32", vectors * lanes * widest, lanes),
      answers: engine.zeros("float32", head.answers, vectors * lanes),
      gradient: engine.zeros("float32", layout.rows, lanes),
      unused: engine.zeros("float32", 3, lanes),
      line: engine.zeros("float32", 2 * vectors * lanes),
      sums: engine.zeros("float64", 4, layout.neurons),
      seen,
      predicted,
      measures
    });
    const [loss, metric] = engine.view(seen);
    return { loss, metric, predicted: [...engine.view(predicted)].map(Number), layers: engine.copy(measures) };
  });
}
function sampleFactsOf(engine, samples, features, classes) {
  const { sample_facts: names, followed } = explanation2;
  return engine.within(() => {
    const facts = engine.zeros("float64", names.length);
    engine.call("score_neighbours", {
      samples,
      features,
      classes,
      targets: classes === 0 ? 1 : 0,
      room: engine.zeros("float64", 6, Math.max(followed, classes)),
      facts
    });
    const found = engine.copy(facts);
    return Object.fromEntries(names.map((name, i) => [name, found[i]]));
  });
}

// src/engine/single.ts
function trainSingle(engine, training) {
  const { lanes, segment } = engine.contents;
  const { layout, rates, samples, vectors, validationVectors, activations: activations2, drops: drops2, head } = training;
  const most = Math.max(vectors, validationVectors);
  const rows = layout.neurons * most;
  const widest = Math.floor((Math.max(...layout.sizes) + lanes) / lanes);
  const shuffled = training.shuffled ?? samples.shape[1];
  const gradient = engine.zeros("float32", layout.rows, lanes);
  const indices = engine.zeros("int32", shuffled);
  const h = engine.zeros("float32", rowsOfH(engine, activations2, drops2, rows), lanes);
  const delta = engine.zeros("float32", rows, lanes);
  const [kernel, argument] = withBesides("single_train", training.besides);
  engine.call(kernel, {
    theta: training.theta,
    first_moment: training.moments[0],
    second_moment: training.moments[1],
    ...training.network,
    optimizer: training.optimizer,
    constants: engine.array("float32", training.constants),
    rates,
    key: training.key,
    batch_size: training.batchSize,
    besides: argument,
    samples,
    validation: training.validation ?? without(samples),
    history: training.history,
    watched: training.watched,
    place: training.place,
    stop: engine.zeros("uint8", 1),
    done: engine.zeros("int64", 1),
    evaluation: engine.known("evaluation", "single")[0],
    vectors,
    validation_vectors: validationVectors,
    indices,
    partners: engine.zeros("int32", shuffled),
    chosen: engine.zeros("int64", most * lanes),
    h,
    delta,
    by_sample: engine.zeros("float32", most * lanes * widest, lanes),
    answers: engine.zeros("float32", head.answers, most * lanes),
    scratch: engine.zeros("float32", 3, most, lanes),
    gradient,
    rate: engine.zeros("float32", rates.shape[1] * segment),
    repeated: engine.zeros("float32", 3, segment),
    seen: engine.zeros("float64", 3, 1),
    uncounted: engine.zeros("int64", 0, 1)
  });
  return { gradient, h, delta, indices };
}

// src/engine/observing.ts
var FREE = 2;
function standingThen(engine, layout, past) {
  const packed = (layers) => {
    const stored = engine.zeros("float32", layout.rows, engine.contents.lanes);
    layout.pack(engine.view(stored), layers);
    return stored;
  };
  const flat = (layers) => ({ ...packed(layers), shape: [layout.rows * engine.contents.lanes] });
  return {
    theta: packed(past.layers),
    moments: [flat(past.firstMoment), flat(past.secondMoment)],
    watched: engine.array("float64", past.watched, past.watched.length, 1)
  };
}
function observeUpdate(engine, standing, point) {
  return engine.within(() => {
    const { layout, theta, rates, besides, watched, head, features, perEpoch } = standing;
    const samples = oneMore(engine, standing.samples);
    const made = (start2, size3, how = {}) => makeUpdate(engine, { ...standing, ...how, samples }, start2, size3);
    const batch = made(standing.used, standing.size);
    const start = point === null ? standing.used : batch.order.indexOf(point);
    const size2 = point === null ? standing.size : 1;
    const found = point === null ? batch : made(start, 1);
    const still = engine.zeros("float32", ...rates.shape);
    const after = made(start, size2, { rates: still, theta: found.theta });
    const [clips, penalises] = ["clips", "penalised"].map((name) => engine.contents.switches.indexOf(name));
    const isOn = (place) => besides !== null && engine.view(besides.switches)[place] !== 0n;
    const unclipped = isOn(clips) ? switchedOff(engine, besides, clips) : besides;
    const penalised = isOn(clips) ? made(start, size2, { rates: still, besides: unclipped }) : found;
    const raw = isOn(penalises) ? made(start, size2, { rates: still, besides: switchedOff(engine, unclipped, penalises) }) : penalised;
    const read = (stored) => layout.unpack(engine.view(stored));
    const layers = layout.sizes.slice(1).map((_, i) => i);
    const packed = engine.view(standing.samples);
    const width = standing.samples.shape[2];
    const chosen = batch.order.slice(start, start + size2);
    const answerOf = (sample, answer2) => packed[sample * width + features + head.places[answer2][0]];
    const scale = besides === null ? 1 : watchedOf(engine, watched, "scale");
    const stepSizes2 = [...engine.view(rates)].map((rate, i) => i === FREE ? rate : Math.fround(rate * scale));
    const mean2 = (scores) => scores[0] / (size2 * (standing.isMeanOfOutputs ? layout.outputs : 1));
    const penaltyOf2 = (scores) => perEpoch > SCORES ? scores[SCORES] / size2 : 0;
    const h = found.levels;
    return {
      update: standing.update,
      epoch: standing.epoch,
      point,
      samples: chosen,
      answers: chosen.map((i) => answerOf(i, "label" in head.places ? "label" : "targets")),
      sampleWeights: chosen.map((i) => head.weighs ? answerOf(i, "weight") : 1),
      h,
      z: layers.map((layer) => alone(engine, layout, theta, layer, h[layer], null)),
      activated: layers.slice(0, -1).map((layer) => alone(engine, layout, theta, layer, h[layer], standing.activations[layer])),
      delta: found.deltas.slice(1),
      gradient: read(raw.gradient),
      penalised: read(penalised.gradient),
      taken: read(found.gradient),
      before: read(theta),
      after: read(found.theta),
      moments: [0, 1].map((i) => [read(standing.moments[i]), read(found.moments[i])]),
      stepSizes: stepSizes2,
      outputsAfter: after.levels[after.levels.length - 1],
      loss: mean2(found.scores),
      lossAfter: mean2(after.scores),
      penalty: penaltyOf2(found.scores),
      penaltyAfter: penaltyOf2(after.scores)
    };
  });
}
function makeUpdate(engine, standing, start, size2) {
  const { layout, perEpoch, epoch } = standing;
  const { lanes } = engine.contents;
  const copied = (stored) => engine.array(stored.type, engine.copy(stored), ...stored.shape);
  const theta = copied(standing.theta);
  const moments = [copied(standing.moments[0]), copied(standing.moments[1])];
  const history = engine.zeros("float64", epoch + 1, perEpoch, 1);
  const vectors = Math.floor((size2 + lanes - 1) / lanes);
  const { gradient, h, delta, indices } = trainSingle(engine, {
    ...standing,
    theta,
    moments,
    batchSize: size2,
    shuffled: standing.samples.shape[1] - 1,
    history,
    watched: copied(standing.watched),
    place: engine.array("int64", [epoch, start]),
    vectors,
    validationVectors: 0
  });
  const levelsOf = (stored) => layout.sizes.map((neurons, level) => {
    const numbers = engine.view(stored);
    const rows = vectors * lanes;
    const of = new Float32Array(neurons * size2);
    for (let j = 0; j < neurons; j++) {
      const first = (layout.level[level] + j) * rows;
      of.set(numbers.subarray(first, first + size2), j * size2);
    }
    return of;
  });
  return {
    theta,
    moments,
    gradient,
    levels: levelsOf(h),
    deltas: levelsOf(delta),
    order: [...engine.view(indices)],
    scores: engine.copy(history).slice(epoch * perEpoch)
  };
}
function alone(engine, { sizes, begin }, theta, layer, inputs, activation) {
  return engine.within(() => {
    const { lanes } = engine.contents;
    const [features, outputs] = [sizes[layer], sizes[layer + 1]];
    const of = activation === null ? [features, outputs] : [features, outputs, 1];
    const layout = new Layout(lanes, of, { isBlock: false });
    const head = headOf(engine.contents, { loss: "mean_squared_error" }, of[of.length - 1], true);
    const network = described(engine, layout, activation === null ? [] : [activation], head);
    const own = engine.zeros("float32", layout.rows, lanes);
    engine.view(own).set(engine.view(theta).subarray(begin[layer] * lanes, begin[layer + 1] * lanes));
    const samples = inputs.length / features;
    const x = Float32Array.from({ length: inputs.length }, (_, i) => inputs[i % features * samples + Math.floor(i / features)]);
    const packed = packSamples(engine, x, null, features);
    const vectors = vectorsOf(engine, samples);
    const predictions = engine.zeros("float32", layout.neurons - features, samples);
    engine.call("single_predict", {
      theta: own,
      ...network,
      samples: packed,
      first: features,
      vectors,
      chosen: engine.zeros("int64", vectors * lanes),
      h: engine.zeros("float32", layout.neurons * vectors, lanes),
      answers: engine.zeros("float32", 1, vectors * lanes),
      scratch: engine.zeros("float32", 3, vectors, lanes),
      predictions
    });
    return engine.copy(predictions).slice(0, outputs * samples);
  });
}
function oneMore(engine, samples) {
  const [, count, width] = samples.shape;
  const more = engine.zeros("float32", 1, count + 1, width);
  const [from, to] = [engine.view(samples), engine.view(more)];
  to.set(from);
  to.set(from.subarray((count - 1) * width), count * width);
  return more;
}
function switchedOff(engine, besides, place) {
  if (besides === null) return null;
  const switches2 = engine.array("int64", engine.copy(besides.switches));
  engine.view(switches2)[place] = 0n;
  return { ...besides, switches: switches2 };
}

// src/engine/stepper.ts
var NO_RATES = { sizes: new Float32Array(0), count: 1 };
var Stepper = class {
  layout;
  features;
  classes;
  head;
  training;
  /** Updates made. */
  step = 0;
  /** Whether the training loss of an epoch was not finite: such a network is trained no further. */
  diverged = false;
  /** Whether early stopping has ended the training: such a network is trained no further. */
  stopped = false;
  engine;
  samples;
  network;
  activations;
  theta;
  moments;
  key;
  /** Numbers of a history's epoch. */
  perEpoch;
  drops;
  /** What each class weighs. */
  classWeights;
  besides;
  watched;
  experiment;
  /** Whole epochs done, and samples of the next one that are used. */
  place = [0, 0];
  /** Scores of the epochs done, and penalties if any; of one under way, the sums of it. */
  scores = new Float64Array(0);
  rates = NO_RATES;
  slopes = null;
  /** Samples that are not drawn, such as own points, are handed in. Shuffles and noise may be those of another seed. */
  constructor(engine, experiment, seed, finite = null, shuffleSeed = seed) {
    const { dataset, network, training } = experiment;
    this.engine = engine;
    this.experiment = experiment;
    this.training = training;
    const { features, classes, targets, labelNames, splits } = samplesOf(engine, dataset, finite, [seed]);
    const outputs = outputsFor(training, classes, targets);
    [this.features, this.classes] = [features, classes];
    this.classWeights = classWeights(training, labelNames);
    this.head = headOf(engine.contents, training, outputs, targets > 0);
    const sizes = networkSizes(network, features, outputs);
    this.layout = new Layout(engine.contents.lanes, sizes, { isBlock: false });
    const [train, validation, test] = withAnswers(engine, splits, features, training, this.head, labelNames);
    this.samples = { train, validation, test };
    this.activations = activations(network);
    this.network = described(engine, this.layout, this.activations, this.head);
    const { lanes } = engine.contents;
    this.theta = engine.zeros("float32", this.layout.rows, lanes);
    const moment = () => engine.zeros("float32", this.layout.rows * lanes);
    this.moments = [moment(), moment()];
    const [layers] = drawLayers(engine, network, sizes, [seed]);
    this.replace(layers);
    [this.key] = shuffleKeys(engine, [shuffleSeed]);
    this.besides = besidesOf(engine, experiment, this.head, noiseKeys(engine, [shuffleSeed]), this.layout.rows);
    this.perEpoch = scoresOf(experiment);
    this.drops = drops(experiment);
    this.watched = beginWatching(engine, 1);
  }
  /** The parameters of the best epoch, where they are to be restored. */
  get best() {
    return this.besides !== null && this.besides.best.shape[0] > 0 ? this.besides.best : null;
  }
  get epoch() {
    return this.place[0];
  }
  get used() {
    return this.place[1];
  }
  get updatesPerEpoch() {
    return updatesPerEpoch(this.trainingSamples, this.batchSize);
  }
  /** Updates to the end of the epoch under way; of a whole epoch at its beginning. */
  get updatesLeft() {
    return updatesPerEpoch(this.trainingSamples - this.used, this.batchSize);
  }
  /** Training loss and metric, validation loss and metric of each epoch done. */
  get history() {
    return columns(this.epoch, this.perEpoch, 0, SCORES, (i) => this.scores[i]);
  }
  /** Where there are penalties, the mean of those before each update and that after the epoch, of each epoch done. */
  get penalties() {
    return columns(this.epoch, this.perEpoch, SCORES, this.perEpoch, (i) => this.scores[i]);
  }
  /** What the regularizer adds to the loss for weights; null where there is none. */
  penalty(layers) {
    return penaltyOf(this.experiment.network, layers);
  }
  /** W and b of each layer, as they are now. */
  get layers() {
    return this.layout.unpack(this.engine.view(this.theta));
  }
  /** ∂L/∂W and ∂L/∂b of each layer, of the last batch; null before an update of these weights. */
  get gradient() {
    return this.slopes === null ? null : this.layout.unpack(this.slopes);
  }
  /** The samples of a split. */
  points(split) {
    const { features } = this;
    const [, count, width] = this.samples[split].shape;
    const packed = this.engine.view(this.samples[split]);
    const x = new Float32Array(count * features);
    const y = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      x.set(packed.subarray(i * width, i * width + features), i * features);
      y[i] = packed[i * width + features];
    }
    return { x, y };
  }
  /**
   * Go on with another learning rate, batch size or number of epochs.
   *
   * A schedule counts the updates from the beginning. The rest of the epoch under way is divided into batches of
   * the new size.
   */
  change(training) {
    this.training = training;
    this.rates = NO_RATES;
    const { engine, besides } = this;
    if (besides === null) return;
    engine.within(() => {
      const changed = engine.copy(settings(engine, { ...this.experiment, training }, 1));
      engine.view(besides.settings).set(changed);
    });
  }
  /** How far it is, for `resume`. */
  get snapshot() {
    const unpacked = (stored) => this.layout.unpack(this.engine.view(stored));
    const [firstMoment, secondMoment] = this.moments.map(unpacked);
    const lines = this.epoch + (this.used > 0 ? 1 : 0);
    return {
      step: this.step,
      epoch: this.epoch,
      used: this.used,
      layers: this.layers,
      firstMoment,
      secondMoment,
      history: this.scores.slice(0, lines * this.perEpoch),
      watched: this.engine.copy(this.watched),
      best: this.best === null ? null : unpacked(this.best)
    };
  }
  /** Go on from where a training of the same trial has come. */
  resume(snapshot) {
    const { step, epoch, used, history } = snapshot;
    this.replace(snapshot.layers);
    this.layout.pack(this.engine.view(this.moments[0]), snapshot.firstMoment);
    this.layout.pack(this.engine.view(this.moments[1]), snapshot.secondMoment);
    this.step = step;
    this.place = [epoch, used];
    this.scores = history.slice();
    this.engine.view(this.watched).set(snapshot.watched);
    if (snapshot.best !== null && this.best !== null) this.layout.pack(this.engine.view(this.best), snapshot.best);
    this.seeWhetherItEnded();
  }
  /** Go on with other numbers in the place of the network's; what the optimizer remembers stays. */
  replace(layers) {
    this.layout.pack(this.engine.view(this.theta), layers);
    this.slopes = null;
  }
  /** Put the layers of the best epoch in the place of the network's, where they are to be restored. */
  restoreBestWeights() {
    if (this.best !== null && watchedOf(this.engine, this.watched, "best_epoch") > 0)
      this.engine.view(this.theta).set(this.engine.view(this.best));
  }
  /**
   * Make so many updates, fewer only if the network diverges or stops early on the way.
   *
   * Validation scores take a third of the time.
   */
  train(updates, validate = true) {
    if (this.diverged || this.stopped || updates === 0) return;
    const { engine } = this;
    const [firstEpoch, firstUsed] = this.place;
    this.reserve(updates);
    const validates = validate || looksAtValidation(this.training);
    const validation = validates ? this.samples.validation : without(this.samples.validation);
    engine.within(() => {
      const history = engine.array("float64", this.scores, this.scores.length / this.perEpoch, this.perEpoch, 1);
      const place = engine.array("int64", this.place);
      const { gradient } = trainSingle(engine, {
        ...this.trained(this.step, updates),
        batchSize: this.batchSize,
        validation,
        history,
        place,
        vectors: vectorsOf(engine, this.batchSize),
        validationVectors: vectorsOf(engine, validation.shape[1])
      });
      this.scores = engine.copy(history);
      this.slopes = engine.copy(gradient);
      const [epoch, used] = engine.view(place);
      this.place = [Number(epoch), Number(used)];
    });
    this.seeWhetherItEnded();
    const hasEnded = this.diverged || this.stopped;
    this.step += hasEnded ? this.updatesSince(firstEpoch, firstUsed) : updates;
  }
  /** What a training of some updates is told of this network, from a step on; within `engine.within`. */
  trained(step, updates) {
    const { engine, layout, network, activations: activations2, drops: drops2, head, theta, moments, key, besides, watched } = this;
    const { address, constants } = optimizerOf(engine, this.training.optimizer);
    const { sizes, count } = this.rates;
    const rates = engine.array("float32", sizes.subarray(step * count, (step + updates) * count), updates, count);
    const samples = this.samples.train;
    const how = { layout, network, activations: activations2, drops: drops2, head, theta, moments, key, besides, watched, rates, samples };
    return { ...how, optimizer: address, constants };
  }
  /**
   * The next update with all its numbers, which leaves the network as it is: that of the batch, or of one training
   * sample alone. It is that of the network as it is now, or of a snapshot of it.
   */
  observe(point, past = null) {
    const { engine } = this;
    const { step, epoch, used } = past ?? this;
    if (past === null) this.reserve(1);
    return engine.within(() => {
      const now = this.trained(step, 1);
      const standing = {
        ...now,
        ...past === null ? {} : standingThen(engine, this.layout, past),
        ...{ update: step, epoch, used, features: this.features, perEpoch: this.perEpoch },
        size: Math.min(this.batchSize, this.trainingSamples - used),
        isMeanOfOutputs: lossOf(this.experiment).is_mean_of_outputs
      };
      return observeUpdate(engine, standing, point);
    });
  }
  seeWhetherItEnded() {
    const hasEnded = watchedOf(this.engine, this.watched, "epochs") > 0;
    this.diverged = hasEnded && !Number.isFinite(this.scores[(this.epoch - 1) * this.perEpoch]);
    this.stopped = hasEnded && !this.diverged;
  }
  /** Loss and metric over all samples of a split, of the network as it is now or with other layers. */
  score(split, layers) {
    const { engine } = this;
    return engine.within(() => {
      const seen = engine.zeros("float64", 2, 1);
      const predicted = engine.zeros("int64", this.classes, 1);
      engine.call("single_evaluate", {
        ...forwards(engine, this.standing, this.samples[split], layers),
        answers: this.engine.zeros("float32", this.head.answers, vectorsOf(engine, this.samples[split].shape[1]) * engine.contents.lanes),
        stop: engine.zeros("uint8", 1),
        seen,
        predicted
      });
      const [loss, metric] = engine.view(seen);
      return { loss, metric, predicted: [...engine.view(predicted)].map(Number) };
    });
  }
  /** The parameters as they are now, as kernels have them, to be measured later. */
  get parameters() {
    return this.engine.copy(this.theta);
  }
  /** Measure a network over all training samples, and how far its weights went since those of `before`. */
  measured(parameters, before) {
    return measure(this.engine, this.standing, this.samples.train, this.classes, parameters, before);
  }
  /** What the training samples are like, by the names of the spec's `sample_facts`. */
  get sampleFacts() {
    return sampleFactsOf(this.engine, this.samples.train, this.features, this.classes);
  }
  /** The learning rate of the next update, without Adam's correction. */
  get learningRate() {
    const [rate] = learningRates(this.engine, this.training.optimizer.learning_rate, [this.step]);
    return rate * watchedOf(this.engine, this.watched, "scale");
  }
  /** The activations of the neurons from number `first` on, inputs first, (neurons, samples). */
  responses(x, first = 0, layers) {
    const { engine } = this;
    return engine.within(() => {
      const samples = packSamples(engine, x, null, this.features);
      const predictions = engine.zeros("float32", this.layout.neurons - first, samples.shape[1]);
      engine.call("single_predict", { ...forwards(engine, this.standing, samples, layers), first, predictions });
      return engine.copy(predictions);
    });
  }
  get standing() {
    const { layout, network, head, activations: activations2, theta } = this;
    return { layout, network, head, activations: activations2, theta };
  }
  /** Make room for the rates and the history of so many updates more. */
  reserve(updates) {
    const last = this.step + updates;
    if (last * this.rates.count > this.rates.sizes.length) {
      this.rates = stepSizes(this.engine, this.training.optimizer, Math.max(1e3, 2 * last));
    }
    const epochs = this.epoch + Math.floor(updates / this.updatesPerEpoch) + 2;
    if (epochs * this.perEpoch > this.scores.length) {
      const more = new Float64Array(2 * epochs * this.perEpoch);
      more.set(this.scores);
      this.scores = more;
    }
  }
  updatesSince(epoch, used) {
    const first = updatesPerEpoch(this.trainingSamples - used, this.batchSize);
    return first + (this.epoch - epoch - 1) * this.updatesPerEpoch;
  }
  get trainingSamples() {
    return this.samples.train.shape[1];
  }
  get batchSize() {
    return Math.min(this.training.batch_size, this.trainingSamples);
  }
};

// src/bench/speed.ts
setFlagsFromString("--experimental-wasm-relaxed-simd");
var folder = process.argv[2];
var module = (name) => () => readFileSync(join(folder, `${name}.wasm`));
var modules = { fused: module("fused"), exact: module("exact") };
var contents = JSON.parse(readFileSync(join(folder, "engine.json"), "utf8"));
var engines = { fused: await Engine.start(contents, modules), exact: await Engine.exact(contents, modules) };
function timed(work) {
  const [processor, clock] = [process.cpuUsage(), performance.now()];
  const result = work();
  const seconds = (performance.now() - clock) / 1e3;
  const { user, system } = process.cpuUsage(processor);
  return { seconds, processor: (user + system) / 1e6, result };
}
function digest(networks) {
  const hash = createHash("sha256");
  for (const { weights, biases } of networks.flat())
    for (const { buffer, byteOffset, byteLength } of [weights, biases])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex");
}
function answer({ experiment, module: module2, seeds, weights }) {
  const engine = engines[module2];
  if (seeds.length > 1) {
    const { result, ...taken } = timed(() => trainBlock(engine, experiment, seeds.map(BigInt)));
    return { ...taken, right: digest(result.map(({ layers }) => layers)) === weights };
  }
  return engine.within(() => {
    const stepper = new Stepper(engine, experiment, BigInt(seeds[0]));
    const { result: _, ...taken } = timed(() => stepper.train(experiment.training.epochs * stepper.updatesPerEpoch));
    return { ...taken, right: digest([stepper.layers]) === weights };
  });
}
function write(line) {
  process.stdout.write(`${JSON.stringify(line)}
`);
}
write({ node: process.version, fused: engines.fused.fused });
for await (const line of createInterface({ input: process.stdin })) write(answer(JSON.parse(line)));
