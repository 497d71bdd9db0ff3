// src/bench/speed.ts
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setFlagsFromString } from "node:v8";

// src/engine/experiment.ts
function classCount(dataset) {
  return dataset.classes ?? 2;
}
function counts(dataset) {
  const classes = classCount(dataset);
  const test = classes * dataset.test_per_class;
  return [classes * dataset.train_per_class, test, test];
}
function activations(network) {
  return each(network.activation, network.hidden_layers);
}
function networkSizes(network, features, classes) {
  return [features, ...each(network.layer_width, network.hidden_layers), classes];
}
function updatesPerEpoch(samples, batchSize) {
  return Math.ceil(samples / batchSize);
}
function each(value, layers) {
  if (value === null) return [];
  return Array.isArray(value) ? [...value] : Array(layers).fill(value);
}

// src/engine/layout.ts
var Layout = class _Layout {
  /** Neurons before each level: inputs, hidden layers, outputs. */
  level;
  /** Rows of parameters before each layer, and in all. */
  begin;
  sizes;
  lanes;
  constructor(lanes, sizes, rows) {
    this.lanes = lanes;
    this.sizes = sizes;
    this.level = starts(sizes).slice(0, -1);
    this.begin = starts(sizes.slice(1).map((outputs, layer) => rows(sizes[layer], outputs)));
  }
  /** Of one network: for each output its weights, its bias, and zeros up to a whole row. */
  static single(lanes, sizes) {
    return new _Layout(lanes, sizes, (inputs, outputs) => rowsOf(inputs, lanes) * outputs);
  }
  /** Of a block, with a column for each network: W output by output, then b. */
  static block(lanes, sizes) {
    return new _Layout(lanes, sizes, (inputs, outputs) => (inputs + 1) * outputs);
  }
  get rows() {
    return this.begin[this.begin.length - 1];
  }
  /** Weights and biases in all. */
  get parameters() {
    return this.sizes.slice(1).reduce((sum2, outputs, layer) => sum2 + outputs * (this.sizes[layer] + 1), 0);
  }
  get classes() {
    return this.sizes[this.sizes.length - 1];
  }
  /** Neurons in all, the inputs included. */
  get neurons() {
    return this.level[this.level.length - 1] + this.classes;
  }
  /** Write one network's parameters to `theta`, which has a layer's outputs one after the other. */
  packSingle(theta, layers) {
    layers.forEach(({ weights, biases }, layer) => {
      const inputs = this.sizes[layer];
      biases.forEach((bias, output) => {
        const at = this.output(layer, output);
        theta.set(weights.subarray(output * inputs, (output + 1) * inputs), at);
        theta[at + inputs] = bias;
      });
    });
  }
  /** Read the parameters that `packSingle` wrote. */
  unpackSingle(theta) {
    return this.sizes.slice(1).map((outputs, layer) => {
      const inputs = this.sizes[layer];
      const weights = new Float32Array(inputs * outputs);
      const biases = new Float32Array(outputs);
      for (let output = 0; output < outputs; output++) {
        const at = this.output(layer, output);
        weights.set(theta.subarray(at, at + inputs), output * inputs);
        biases[output] = theta[at + inputs];
      }
      return { weights, biases };
    });
  }
  /** Read the parameters of one lane of a block. */
  unpackLane(theta, lane) {
    return this.sizes.slice(1).map((outputs, layer) => {
      const count = this.sizes[layer] * outputs;
      const numbers = (first, n) => Float32Array.from({ length: n }, (_, i) => theta[(this.begin[layer] + first + i) * this.lanes + lane]);
      return { weights: numbers(0, count), biases: numbers(count, outputs) };
    });
  }
  output(layer, output) {
    return this.lanes * (this.begin[layer] + output * rowsOf(this.sizes[layer], this.lanes));
  }
};
function described(engine, layout, activations2, loss) {
  const addresses = activations2.flatMap((name) => engine.known("activations", name));
  return {
    sizes: engine.array("int64", layout.sizes),
    begin: engine.array("int64", layout.begin),
    level: engine.array("int64", layout.level),
    activations: engine.array("int64", addresses, activations2.length, 2),
    head: engine.array("int64", engine.known("heads", loss))
  };
}
function packedWidth(features) {
  return Math.ceil((features + 1) / 4) * 4;
}
function packSamples(engine, x, y, features) {
  const samples = x.length / features;
  const width = packedWidth(features);
  const packed2 = engine.zeros("float32", 1, samples, width);
  const numbers = engine.view(packed2);
  for (let i = 0; i < samples; i++) {
    for (let feature = 0; feature < features; feature++) numbers[i * width + feature] = x[i * features + feature];
    numbers[i * width + features] = y === null ? 0 : y[i];
  }
  return packed2;
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
function drawSamples(engine, dataset, seeds) {
  const { parameters, features, uniforms } = engine.contents.datasets[dataset.kind];
  const [train, validation, test] = counts(dataset).map(
    (count) => engine.zeros("float32", seeds.length, count, packedWidth(features))
  );
  const splits = [train, validation, test];
  engine.within(
    () => engine.call(`samples_${dataset.kind}`, {
      parameters: table(engine, dataset, parameters, seeds.length),
      seeds: engine.array("uint64", seeds),
      classes: classCount(dataset),
      features,
      uniforms,
      splits
    })
  );
  return splits;
}
function drawWeights(engine, initializer, sizes, seeds) {
  const shapes = sizes.slice(1).map((outputs, layer) => `${sizes[layer]} ${outputs}`);
  const distinct = [...new Set(shapes)];
  const parts = shapes.map((shape) => initializer.shared ? 1 + distinct.indexOf(shape) : 0);
  const count = sizes.slice(1).reduce((sum2, outputs, layer) => sum2 + sizes[layer] * outputs, 0);
  return engine.within(() => {
    const weights = engine.zeros("float64", seeds.length, count);
    engine.call(`weights_${initializer.kind}`, {
      parameters: table(engine, initializer, engine.contents.initializers[initializer.kind], seeds.length),
      seeds: engine.array("uint64", seeds),
      sizes: engine.array("int64", sizes),
      parts: engine.array("int64", parts),
      weights
    });
    const drawn = engine.view(weights);
    return seeds.map((_, i) => Float32Array.from(drawn.subarray(i * count, (i + 1) * count)));
  });
}
function shuffleKeys(engine, seeds) {
  return engine.within(() => {
    const keys = engine.zeros("uint64", seeds.length);
    engine.call("keys", { seeds: engine.array("uint64", seeds), keys });
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
  const steps = Array.from({ length: updates }, (_, i) => i);
  const rates = learningRates(engine, optimizer.learning_rate, steps);
  if (optimizer.kind !== "adam") return Float32Array.from(rates);
  return engine.within(() => {
    const sizes = engine.array("float64", rates);
    engine.call("correct_bias", {
      steps: engine.array("float64", steps),
      beta_1: optimizer["beta_1"],
      beta_2: optimizer["beta_2"],
      sizes
    });
    return Float32Array.from(engine.view(sizes));
  });
}
function optimizerOf(optimizer) {
  if (optimizer.kind === "adam") {
    const { beta_1, beta_2, epsilon } = optimizer;
    return { name: "adam", constants: [1 - beta_1, 1 - beta_2, epsilon] };
  }
  const momentum = optimizer["momentum"];
  const name = optimizer["nesterov"] === true ? "nesterov" : momentum > 0 ? "momentum" : "sgd";
  return { name, constants: [momentum, 0, 0] };
}
function table(engine, part, names, rows) {
  const row = names.map((name) => asNumber(part[name]));
  return engine.array("float64", Array(rows).fill(row).flat(), rows, row.length);
}
function asNumber(value) {
  return value === null || value === void 0 ? NaN : Number(value);
}

// src/engine/standardising.ts
var TRAINING = 0;
var LARGEST = 2 ** 1e3;
function standardised(x, features, split) {
  const samples = x.length / features;
  const out = new Float64Array(x.length);
  for (let feature = 0; feature < features; feature++) {
    const all = Array.from({ length: samples }, (_, i) => x[i * features + feature]);
    const { mean, scale } = meanAndScale(all.filter((_, i) => split[i] === TRAINING));
    all.forEach((value, i) => {
      out[i * features + feature] = (value - mean) / scale;
    });
  }
  return out;
}
function meanAndScale(values) {
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (!(largest < LARGEST))
    throw new RangeError(`the page standardises values below 2^1000, received ${largest}`);
  if (low === high) return { mean: low, scale: 1 };
  const exponent = exponentOf(largest);
  const small = values.map((value) => timesPowerOfTwo(value, -exponent));
  const mean = sum(small) / values.length;
  const deviation = Math.sqrt(sum(small.map((value) => (value - mean) * (value - mean))) / values.length);
  const scale = timesPowerOfTwo(deviation, exponent);
  return { mean: timesPowerOfTwo(mean, exponent), scale: scale > 0 ? scale : 1 };
}
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
function exponentOf(value) {
  let exponent = Math.ceil(Math.log2(value));
  while (timesPowerOfTwo(value, -exponent) >= 1) exponent++;
  while (timesPowerOfTwo(value, -exponent) < 0.5) exponent--;
  return exponent;
}
function timesPowerOfTwo(value, exponent) {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

// src/engine/finite.ts
function samplesOf(engine, dataset, finite, seeds) {
  if (finite !== null) {
    const { features: features2, classes } = finite;
    return { features: features2, classes, splits: splitFinite(engine, dataset, finite, seeds) };
  }
  const recipe = engine.contents.datasets[dataset.kind];
  if (recipe === void 0)
    throw new Error(`the samples of a dataset of kind ${dataset.kind} must be handed in`);
  const { features } = recipe;
  return { features, classes: classCount(dataset), splits: drawSamples(engine, dataset, seeds) };
}
function chosenSplits(engine, dataset, y, classes, seeds) {
  return engine.within(() => {
    const splits = engine.zeros("int8", seeds.length, y.length);
    engine.call("splits", {
      y: engine.array("int64", y),
      aside: engine.array("int64", putAside(dataset, y, classes).flat(), classes, 2),
      seeds: engine.array("uint64", seeds),
      splits
    });
    const all = engine.copy(splits);
    return seeds.map((_, i) => all.slice(i * y.length, (i + 1) * y.length));
  });
}
function putAside(dataset, y, classes) {
  const counts2 = new Array(classes).fill(0);
  for (const k of y) counts2[k]++;
  const asked = (name, count) => Math.max(1, rounded(dataset[name] * count));
  return counts2.map((count) => {
    const validation = Math.min(asked("validation_fraction", count), count - 2);
    const test = Math.min(asked("test_fraction", count), count - validation - 1);
    return [validation, test];
  });
}
function splitFinite(engine, dataset, finite, seeds) {
  const { x, y, features, classes, split } = finite;
  const chosen = split === null ? chosenSplits(engine, dataset, y, classes, seeds) : [Int8Array.from(split)];
  const width = packedWidth(features);
  const [train, validation, test] = [0, 1, 2].map((part) => {
    const count = chosen[0].reduce((sum2, each2) => sum2 + (each2 === part ? 1 : 0), 0);
    return engine.zeros("float32", chosen.length, count, width);
  });
  chosen.forEach(
    (parts, trial) => engine.within(() => {
      const values = dataset["standardise"] === true ? standardised(x, features, parts) : x;
      const packed2 = packSamples(engine, values, y, features);
      engine.call("copy_splits", {
        packed: { ...packed2, shape: packed2.shape.slice(1) },
        splits: engine.array("int8", parts, 1, y.length),
        out: [train, validation, test].map((stored) => ofTrial(stored, trial))
      });
    })
  );
  return [train, validation, test];
}
function ofTrial(stored, trial) {
  const [, samples, width] = stored.shape;
  const bytes = samples * width * Float32Array.BYTES_PER_ELEMENT;
  return { type: stored.type, shape: [1, samples, width], at: stored.at + trial * bytes };
}
function rounded(value) {
  const below = Math.floor(value);
  const over = value - below;
  if (over !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

// src/engine/stepper.ts
var SCORES = 4;
var Stepper = class {
  layout;
  features;
  training;
  /** Updates made. */
  step = 0;
  /** Whether the training loss of an epoch was not finite: such a network is trained no further. */
  diverged = false;
  engine;
  samples;
  network;
  theta;
  moments;
  key;
  /** Whole epochs done, and samples of the next one that are used. */
  place = [0, 0];
  /** Scores of the epochs done, SCORES each; of one under way, the sums of it. */
  scores = new Float64Array(0);
  rates = new Float32Array(0);
  /** Samples that are not drawn, such as own points, are handed in. */
  constructor(engine, experiment, seed, finite = null) {
    const { dataset, network, training } = experiment;
    this.engine = engine;
    this.training = training;
    const { features, classes, splits } = samplesOf(engine, dataset, finite, [seed]);
    this.features = features;
    const sizes = networkSizes(network, features, classes);
    this.layout = Layout.single(engine.contents.lanes, sizes);
    const [train, validation, test] = splits;
    this.samples = { train, validation, test };
    this.network = described(engine, this.layout, activations(network), training.loss);
    const { lanes } = engine.contents;
    this.theta = engine.zeros("float32", this.layout.rows, lanes);
    const moment = () => engine.zeros("float32", this.layout.rows * lanes);
    this.moments = [moment(), moment()];
    const [weights] = drawWeights(engine, network.initializer, sizes, [seed]);
    this.replace(layersOf(weights, sizes));
    [this.key] = shuffleKeys(engine, [seed]);
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
  /** Training loss and accuracy, validation loss and accuracy of each epoch done. */
  get history() {
    return this.scores.slice(0, this.epoch * SCORES);
  }
  /** W and b of each layer, as they are now. */
  get layers() {
    return this.layout.unpackSingle(this.engine.view(this.theta));
  }
  /** Learning rate of the next update, without Adam's correction. */
  get learningRate() {
    return learningRates(this.engine, this.training.optimizer.learning_rate, [this.step])[0];
  }
  /** The samples of a split. */
  points(split) {
    const { features } = this;
    const [, count, width] = this.samples[split].shape;
    const packed2 = this.engine.view(this.samples[split]);
    const x = new Float32Array(count * features);
    const y = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      x.set(packed2.subarray(i * width, i * width + features), i * features);
      y[i] = packed2[i * width + features];
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
    if (fixedPart(training) !== fixedPart(this.training))
      throw new Error("only learning rate, batch size and epochs can change while a network trains");
    this.training = training;
    this.rates = new Float32Array(0);
  }
  /** How far it is, for `resume`. */
  get snapshot() {
    const unpacked = (stored) => this.layout.unpackSingle(this.engine.view(stored));
    const [firstMoment, secondMoment] = this.moments.map(unpacked);
    const lines = this.epoch + (this.used > 0 ? 1 : 0);
    return {
      step: this.step,
      epoch: this.epoch,
      used: this.used,
      layers: this.layers,
      firstMoment,
      secondMoment,
      history: this.scores.slice(0, lines * SCORES)
    };
  }
  /** Go on from where a training of the same trial has come. */
  resume(snapshot) {
    const { step, epoch, used, history } = snapshot;
    const lines = epoch + (used > 0 ? 1 : 0);
    if (![step, epoch, used].every((count) => Number.isSafeInteger(count) && count >= 0))
      throw new Error(`a snapshot needs whole numbers from 0 on, received ${step}, ${epoch}, ${used}`);
    if (used >= this.trainingSamples || step < lines)
      throw new Error(`a snapshot of ${step} updates cannot be ${epoch} epochs and ${used} samples far`);
    if (history.length !== lines * SCORES)
      throw new Error(`a snapshot of ${lines} epochs needs ${lines * SCORES} scores, received ${history.length}`);
    [snapshot.layers, snapshot.firstMoment, snapshot.secondMoment].forEach((layers) => this.checkShape(layers));
    this.replace(snapshot.layers);
    this.layout.packSingle(this.engine.view(this.moments[0]), snapshot.firstMoment);
    this.layout.packSingle(this.engine.view(this.moments[1]), snapshot.secondMoment);
    this.step = step;
    this.place = [epoch, used];
    this.scores = history.slice();
    this.diverged = !history.subarray(0, epoch * SCORES).every((score, i) => i % SCORES > 1 || Number.isFinite(score));
  }
  /** Go on with other numbers in the place of the network's; what the optimizer remembers stays. */
  replace(layers) {
    this.checkShape(layers);
    this.layout.packSingle(this.engine.view(this.theta), layers);
  }
  /** Make so many updates, fewer only if the network diverges on the way; validation scores take a third of the time. */
  train(updates, validate = true) {
    if (this.diverged || updates === 0) return;
    const { engine, layout } = this;
    const { lanes, segment } = engine.contents;
    const [firstEpoch, firstUsed] = this.place;
    this.reserve(updates);
    const { name, constants } = optimizerOf(this.training.optimizer);
    const samples = this.samples.train;
    const validation = validate ? this.samples.validation : without(this.samples.validation);
    const vectors = vectorsOf(engine, this.batchSize);
    const validationVectors = vectorsOf(engine, validation.shape[1]);
    const most = Math.max(vectors, validationVectors);
    const rows = layout.neurons * most;
    const widest = Math.floor((Math.max(...layout.sizes) + lanes) / lanes);
    engine.within(() => {
      const history = engine.array("float64", this.scores, this.scores.length / SCORES, SCORES, 1);
      const place = engine.array("int64", this.place);
      engine.call("single_train", {
        theta: this.theta,
        first_moment: this.moments[0],
        second_moment: this.moments[1],
        ...this.network,
        optimizer: engine.known("optimizers", name)[0],
        constants: engine.array("float32", constants),
        rates: engine.array("float32", this.rates.subarray(this.step, this.step + updates)),
        key: this.key,
        batch_size: this.batchSize,
        samples,
        validation,
        history,
        place,
        stop: engine.zeros("uint8", 1),
        done: engine.zeros("int64", 1),
        evaluation: engine.known("evaluation", "single")[0],
        vectors,
        validation_vectors: validationVectors,
        indices: engine.zeros("int32", samples.shape[1]),
        partners: engine.zeros("int32", samples.shape[1]),
        chosen: engine.zeros("int64", most * lanes),
        h: engine.zeros("float32", rows, lanes),
        delta: engine.zeros("float32", rows, lanes),
        by_sample: engine.zeros("float32", most * lanes * widest, lanes),
        labels: engine.zeros("float32", most * lanes),
        scratch: engine.zeros("float32", 3, most, lanes),
        gradient: engine.zeros("float32", layout.rows, lanes),
        rate: engine.zeros("float32", segment),
        repeated: engine.zeros("float32", 3, segment),
        seen: engine.zeros("float64", 2, 1),
        uncounted: engine.zeros("int64", 0, 1)
      });
      this.scores = engine.copy(history);
      const [epoch, used] = engine.view(place);
      this.place = [Number(epoch), Number(used)];
    });
    for (let epoch = firstEpoch; epoch < this.epoch; epoch++)
      this.diverged ||= !Number.isFinite(this.scores[epoch * SCORES] + this.scores[epoch * SCORES + 1]);
    this.step += this.diverged ? this.updatesSince(firstEpoch, firstUsed) : updates;
  }
  /** Loss and accuracy over all samples of a split, of the network as it is now or with other layers. */
  score(split, layers) {
    const { engine } = this;
    return engine.within(() => {
      const seen = engine.zeros("float64", 2, 1);
      const predicted = engine.zeros("int64", this.layout.classes, 1);
      engine.call("single_evaluate", {
        ...this.forwards(this.samples[split], layers),
        stop: engine.zeros("uint8", 1),
        seen,
        predicted
      });
      const [loss, accuracy] = engine.view(seen);
      return { loss, accuracy, predicted: [...engine.view(predicted)].map(Number) };
    });
  }
  /** The activations of the neurons from number `first` on, inputs first, (neurons, samples). */
  responses(x, first = 0, layers) {
    const { engine } = this;
    return engine.within(() => {
      const samples = packSamples(engine, x, null, this.features);
      const predictions = engine.zeros("float32", this.layout.neurons - first, samples.shape[1]);
      engine.call("single_predict", { ...this.forwards(samples, layers), first, predictions });
      return engine.copy(predictions);
    });
  }
  /** What all kernels want that go forwards through samples, with arrays to work in. */
  forwards(samples, layers) {
    const { engine, layout } = this;
    let { theta } = this;
    if (layers !== void 0) {
      this.checkShape(layers);
      theta = engine.zeros("float32", layout.rows, engine.contents.lanes);
      layout.packSingle(engine.view(theta), layers);
    }
    const { lanes } = engine.contents;
    const vectors = vectorsOf(engine, samples.shape[1]);
    return {
      theta,
      ...this.network,
      samples,
      vectors,
      chosen: engine.zeros("int64", vectors * lanes),
      h: engine.zeros("float32", layout.neurons * vectors, lanes),
      labels: engine.zeros("float32", vectors * lanes),
      scratch: engine.zeros("float32", 3, vectors, lanes)
    };
  }
  /** Make room for the rates and the history of so many updates more. */
  reserve(updates) {
    const last = this.step + updates;
    if (last > this.rates.length) {
      const needed = Math.max(2 * last, this.training.epochs * this.updatesPerEpoch);
      this.rates = stepSizes(this.engine, this.training.optimizer, needed);
    }
    const epochs = this.epoch + Math.floor(updates / this.updatesPerEpoch) + 2;
    if (epochs * SCORES > this.scores.length) {
      const more = new Float64Array(2 * epochs * SCORES);
      more.set(this.scores);
      this.scores = more;
    }
  }
  checkShape(layers) {
    const { sizes } = this.layout;
    const mine = sizes.slice(1).map((outputs, layer) => `${outputs}\xD7${sizes[layer]}`);
    const other = layers.map(({ weights, biases }) => `${biases.length}\xD7${weights.length / biases.length}`);
    if (mine.join() !== other.join())
      throw new Error(`the weights of another network: expected ${mine.join(", ")}, received ${other.join(", ")}`);
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
function fixedPart({ loss, dtype, optimizer }) {
  const { learning_rate: _, ...constants } = optimizer;
  return JSON.stringify([loss, dtype, optimizerOf(optimizer), constants]);
}
function layersOf(weights, sizes) {
  let begin = 0;
  return sizes.slice(1).map((outputs, layer) => {
    const end = begin + sizes[layer] * outputs;
    const part = weights.subarray(begin, end);
    begin = end;
    return { weights: part, biases: new Float32Array(outputs) };
  });
}
function without(split) {
  const [trials, , width] = split.shape;
  return { ...split, shape: [trials, 0, width] };
}
function vectorsOf(engine, samples) {
  const { lanes, vectors } = engine.contents;
  return Math.min(vectors, Math.floor((samples + lanes - 1) / lanes));
}

// src/engine/block.ts
function trainBlock(engine, experiment, seeds, finite = null, validate = true) {
  return engine.within(() => {
    const { dataset, network, training } = experiment;
    const { lanes, chunk, stride, segment } = engine.contents;
    const filled = Array.from({ length: lanes }, (_, lane) => seeds[Math.min(lane, seeds.length - 1)]);
    const { features, classes, splits } = samplesOf(engine, dataset, finite, filled);
    const sizes = networkSizes(network, features, classes);
    const layout = Layout.block(lanes, sizes);
    const [train, validation, test] = splits;
    const samples = train.shape[1];
    const batchSize = Math.min(training.batch_size, samples);
    const updates = training.epochs * updatesPerEpoch(samples, batchSize);
    const rates = stepSizes(engine, training.optimizer, updates);
    const { name, constants } = optimizerOf(training.optimizer);
    const weights = drawWeights(engine, network.initializer, sizes, filled);
    const theta = packed(engine, layout, weights.map((each2) => layersOf(each2, sizes)));
    const described_ = described(engine, layout, activations(network), training.loss);
    const number = (...shape) => engine.zeros("float32", ...shape);
    const rows = layout.neurons * stride;
    const width = train.shape[2];
    const history = engine.array("float64", new Float64Array(training.epochs * 4 * lanes).fill(NaN), training.epochs, 4, lanes);
    engine.within(
      () => engine.call("block_train", {
        theta,
        ...described_,
        optimizer: engine.known("optimizers", name)[0],
        constants: engine.array("float32", constants.flatMap((value) => Array(lanes).fill(value)), 3, lanes),
        rates: repeated(engine, rates, lanes),
        keys: engine.array("uint64", shuffleKeys(engine, filled)),
        batch_size: batchSize,
        samples: train,
        validation: validate ? validation : without(validation),
        history,
        stop: engine.zeros("uint8", 1),
        done: engine.zeros("int64", 1),
        evaluation: engine.known("evaluation", "block")[0],
        indices: engine.zeros("int32", lanes, Math.max(samples, chunk) + lanes),
        partners: engine.zeros("int32", samples),
        h: number(rows, lanes),
        delta: number(rows, lanes),
        taken: number(width, lanes),
        labels: number(chunk, lanes),
        scratch: number(3, chunk, lanes),
        gradient: number(layout.rows, lanes),
        first_moment: number(layout.rows * lanes),
        second_moment: number(layout.rows * lanes),
        rate: number(segment / lanes, lanes),
        repeated: number(3, segment),
        at_end: number(layout.rows, lanes),
        ended: engine.zeros("uint8", lanes),
        seen: engine.zeros("float64", 2, lanes),
        uncounted: engine.zeros("int64", 0, lanes)
      })
    );
    const evaluate = (split) => {
      const seen = engine.zeros("float64", 2, lanes);
      const predicted = engine.zeros("int64", layout.classes, lanes);
      engine.call("block_evaluate", {
        theta,
        ...described_,
        samples: split,
        stop: engine.zeros("uint8", 1),
        indices: engine.zeros("int32", lanes, chunk),
        h: number(rows, lanes),
        taken: number(width, lanes),
        labels: number(chunk, lanes),
        scratch: number(3, chunk, lanes),
        seen,
        predicted
      });
      const scores2 = engine.copy(seen);
      const counts2 = [...engine.view(predicted)].map(Number);
      return (lane) => ({
        loss: scores2[lane],
        accuracy: scores2[lanes + lane],
        predicted: Array.from({ length: layout.classes }, (_, k) => counts2[k * lanes + lane])
      });
    };
    const [ofTrain, ofValidation, ofTest] = [train, validation, test].map(evaluate);
    const numbers = engine.copy(theta);
    const scores = engine.copy(history);
    const drawn = engine.view(train);
    const labelled = (lane) => {
      const first = train.shape[0] === 1 ? 0 : lane * samples * width;
      const found = new Array(classes).fill(0);
      for (let i = 0; i < samples; i++) found[drawn[first + i * width + features]] += 1;
      return found;
    };
    return seeds.map((seed, lane) => ({
      seed,
      history: Float64Array.from({ length: training.epochs * 4 }, (_, i) => scores[i * lanes + lane]),
      train: ofTrain(lane),
      validation: ofValidation(lane),
      test: ofTest(lane),
      labelled: labelled(lane),
      layers: layout.unpackLane(numbers, lane)
    }));
  });
}
function packed(engine, layout, networks) {
  const theta = engine.zeros("float32", layout.rows, networks.length);
  const numbers = engine.view(theta);
  networks.forEach(
    (layers, lane) => layers.forEach(
      ({ weights, biases }, layer) => [...weights, ...biases].forEach((value, i) => {
        numbers[(layout.begin[layer] + i) * networks.length + lane] = value;
      })
    )
  );
  return theta;
}
function repeated(engine, values, lanes) {
  const stored = engine.zeros("float32", values.length, lanes);
  const numbers = engine.view(stored);
  values.forEach((value, i) => numbers.fill(value, i * lanes, (i + 1) * lanes));
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
    const fused = await instantiated(modules2.fused);
    if (fused !== null && roundsOnce(fused)) return new _Engine(contents2, fused, true);
    return _Engine.exact(contents2, modules2);
  }
  /** Use the exact module, which is the same to the last bit and slower. */
  static async exact(contents2, modules2) {
    const exact = await instantiated(modules2.exact);
    if (exact === null) throw new Error("this browser cannot run WebAssembly with SIMD: any of 2023 or later can");
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
    if (kind === "float64") {
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

// src/bench/speed.ts
setFlagsFromString("--experimental-wasm-relaxed-simd");
var folder = process.argv[2];
var modules = { fused: readFileSync(join(folder, "fused.wasm")), exact: readFileSync(join(folder, "exact.wasm")) };
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
function answer({ experiment, module, seeds, weights }) {
  const engine = engines[module];
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
