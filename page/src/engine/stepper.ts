// One trial, trained a few updates at a time, and changed while it trains: `mlplab.engine.Stepper`.

import { columns } from "./block.ts";
import { drawLayers, learningRates, noiseKeys, optimizerOf, shuffleKeys, stepSizes, type StepSizes } from "./drawing.ts";
import type { Engine, Stored } from "./engine.ts";
import { activations, networkSizes, SCORES, updatesPerEpoch, type Experiment, type SplitName, type Training } from "./experiment.ts";
import { samplesOf, type FiniteSamples } from "./finite.ts";
import { classWeights, headOf, lossOf, outputsFor, withAnswers, type Head } from "./heads.ts";
import { forwards, measure, sampleFactsOf, type Forwards, type Measured } from "./measured.ts";
import { observeUpdate, standingThen, type ObservedUpdate } from "./observing.ts";
import { beginWatching, besidesOf, drops, looksAtValidation, scoresOf, settings, watchedOf, type Besides } from "./options.ts";
import { penaltyOf } from "./penalty.ts";
import { described, Layout, packSamples, vectorsOf, without, type Layer } from "./layout.ts";
import { trainSingle } from "./single.ts";

export interface Score {
  readonly loss: number;
  /** The metric of `metricOf`. */
  readonly metric: number;
  /** For how many samples each class is predicted; none where they have targets. */
  readonly predicted: readonly number[];
}

/** How far a training has come: all that it needs to go on as it would have. */
export interface Snapshot {
  /** Updates made. */
  readonly step: number;
  /** Whole epochs done. */
  readonly epoch: number;
  /** Training samples of the next epoch that are used. */
  readonly used: number;
  readonly layers: readonly Layer[];
  /** What the optimizer remembers of each number: velocity or running mean, and Adam's mean of squares. */
  readonly firstMoment: readonly Layer[];
  readonly secondMoment: readonly Layer[];
  /** Scores of the epochs done, and penalties if any; where an epoch is under way, the sums of it. */
  readonly history: Float64Array;
  /** What early stopping and the reduction of the learning rate remember. */
  readonly watched: Float64Array;
  /** The layers of the best epoch, where they are to be restored. */
  readonly best: readonly Layer[] | null;
}

/** Samples as they were drawn: features (samples, features), and the class or the target of each. */
export interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

const NO_RATES: StepSizes = { sizes: new Float32Array(0), count: 1 };

export class Stepper {
  readonly layout: Layout;
  readonly features: number;
  readonly classes: number;
  private readonly head: Head;
  training: Training;
  /** Updates made. */
  step = 0;
  /** Whether the training loss of an epoch was not finite: such a network is trained no further. */
  diverged = false;
  /** Whether early stopping has ended the training: such a network is trained no further. */
  stopped = false;
  private readonly engine: Engine;
  private readonly samples: Record<SplitName, Stored<"float32">>;
  private readonly network: ReturnType<typeof described>;
  private readonly activations: readonly string[];
  private readonly theta: Stored<"float32">;
  private readonly moments: readonly [Stored<"float32">, Stored<"float32">];
  private readonly key: bigint;
  /** Numbers of a history's epoch. */
  private readonly perEpoch: number;
  private readonly drops: boolean;
  /** What each class weighs. */
  readonly classWeights: readonly number[];
  private readonly besides: Besides | null;
  private readonly watched: Stored<"float64">;
  readonly experiment: Experiment;
  /** Whole epochs done, and samples of the next one that are used. */
  private place: [number, number] = [0, 0];
  /** Scores of the epochs done, and penalties if any; of one under way, the sums of it. */
  private scores: Float64Array = new Float64Array(0);
  private rates: StepSizes = NO_RATES;
  private slopes: Float32Array | null = null;

  /** Samples that are not drawn, such as own points, are handed in. Shuffles and noise may be those of another seed. */
  constructor(
    engine: Engine,
    experiment: Experiment,
    seed: bigint,
    finite: FiniteSamples | null = null,
    shuffleSeed = seed,
  ) {
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
  private get best(): Stored<"float32"> | null {
    return this.besides !== null && this.besides.best.shape[0] > 0 ? this.besides.best : null;
  }

  get epoch(): number {
    return this.place[0];
  }

  get used(): number {
    return this.place[1];
  }

  get updatesPerEpoch(): number {
    return updatesPerEpoch(this.trainingSamples, this.batchSize);
  }

  /** Updates to the end of the epoch under way; of a whole epoch at its beginning. */
  get updatesLeft(): number {
    return updatesPerEpoch(this.trainingSamples - this.used, this.batchSize);
  }

  /** Training loss and metric, validation loss and metric of each epoch done. */
  get history(): Float64Array {
    return columns(this.epoch, this.perEpoch, 0, SCORES, (i) => this.scores[i]);
  }

  /** Where there are penalties, the mean of those before each update and that after the epoch, of each epoch done. */
  get penalties(): Float64Array {
    return columns(this.epoch, this.perEpoch, SCORES, this.perEpoch, (i) => this.scores[i]);
  }

  /** What the regularizer adds to the loss for weights; null where there is none. */
  penalty(layers: readonly Layer[]): number | null {
    return penaltyOf(this.experiment.network, layers);
  }

  /** W and b of each layer, as they are now. */
  get layers(): Layer[] {
    return this.layout.unpack(this.engine.view(this.theta));
  }

  /** ∂L/∂W and ∂L/∂b of each layer, of the last batch; null before an update of these weights. */
  get gradient(): Layer[] | null {
    return this.slopes === null ? null : this.layout.unpack(this.slopes);
  }

  /** The samples of a split. */
  points(split: SplitName): Points {
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
  change(training: Training): void {
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
  get snapshot(): Snapshot {
    const unpacked = (stored: Stored<"float32">) => this.layout.unpack(this.engine.view(stored));
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
      best: this.best === null ? null : unpacked(this.best),
    };
  }

  /** Go on from where a training of the same trial has come. */
  resume(snapshot: Snapshot): void {
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
  replace(layers: readonly Layer[]): void {
    this.layout.pack(this.engine.view(this.theta), layers);
    this.slopes = null;
  }

  /** Put the layers of the best epoch in the place of the network's, where they are to be restored. */
  restoreBestWeights(): void {
    if (this.best !== null && watchedOf(this.engine, this.watched, "best_epoch") > 0)
      this.engine.view(this.theta).set(this.engine.view(this.best));
  }

  /**
   * Make so many updates, fewer only if the network diverges or stops early on the way.
   *
   * Validation scores take a third of the time.
   */
  train(updates: number, validate = true): void {
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
        validationVectors: vectorsOf(engine, validation.shape[1]),
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
  private trained(step: number, updates: number) {
    const { engine, layout, network, activations, drops, head, theta, moments, key, besides, watched } = this;
    const { address, constants } = optimizerOf(engine, this.training.optimizer);
    const { sizes, count } = this.rates;
    const rates = engine.array("float32", sizes.subarray(step * count, (step + updates) * count), updates, count);
    const samples = this.samples.train;
    const how = { layout, network, activations, drops, head, theta, moments, key, besides, watched, rates, samples };
    return { ...how, optimizer: address, constants };
  }

  /**
   * The next update with all its numbers, which leaves the network as it is: that of the batch, or of one training
   * sample alone. It is that of the network as it is now, or of a snapshot of it.
   */
  observe(point: number | null, past: Snapshot | null = null): ObservedUpdate {
    const { engine } = this;
    const { step, epoch, used } = past ?? this;
    if (past === null) this.reserve(1);
    return engine.within(() => {
      const now = this.trained(step, 1);
      const standing = {
        ...now,
        ...(past === null ? {} : standingThen(engine, this.layout, past)),
        ...{ update: step, epoch, used, features: this.features, perEpoch: this.perEpoch },
        size: Math.min(this.batchSize, this.trainingSamples - used),
        isMeanOfOutputs: lossOf(this.experiment).is_mean_of_outputs,
      };
      return observeUpdate(engine, standing, point);
    });
  }

  private seeWhetherItEnded(): void {
    const hasEnded = watchedOf(this.engine, this.watched, "epochs") > 0;
    this.diverged = hasEnded && !Number.isFinite(this.scores[(this.epoch - 1) * this.perEpoch]);
    this.stopped = hasEnded && !this.diverged;
  }

  /** Loss and metric over all samples of a split, of the network as it is now or with other layers. */
  score(split: SplitName, layers?: readonly Layer[]): Score {
    const { engine } = this;
    return engine.within(() => {
      const seen = engine.zeros("float64", 2, 1);
      const predicted = engine.zeros("int64", this.classes, 1);
      engine.call("single_evaluate", {
        ...forwards(engine, this.standing, this.samples[split], layers),
        answers: this.engine.zeros("float32", this.head.answers, vectorsOf(engine, this.samples[split].shape[1]) * engine.contents.lanes),
        stop: engine.zeros("uint8", 1),
        seen,
        predicted,
      });
      const [loss, metric] = engine.view(seen);
      return { loss, metric, predicted: [...engine.view(predicted)].map(Number) };
    });
  }

  /** The parameters as they are now, as kernels have them, to be measured later. */
  get parameters(): Float32Array {
    return this.engine.copy(this.theta);
  }

  /** Measure a network over all training samples, and how far its weights went since those of `before`. */
  measured(parameters: Float32Array, before: Float32Array): Measured {
    return measure(this.engine, this.standing, this.samples.train, this.classes, parameters, before);
  }

  /** What the training samples are like, by the names of the spec's `sample_facts`. */
  get sampleFacts(): Readonly<Record<string, number>> {
    return sampleFactsOf(this.engine, this.samples.train, this.features, this.classes);
  }

  /** The learning rate of the next update, without Adam's correction. */
  get learningRate(): number {
    const [rate] = learningRates(this.engine, this.training.optimizer.learning_rate, [this.step]);
    return rate * watchedOf(this.engine, this.watched, "scale");
  }

  /** The activations of the neurons from number `first` on, inputs first, (neurons, samples). */
  responses(x: ArrayLike<number>, first = 0, layers?: readonly Layer[]): Float32Array {
    const { engine } = this;
    return engine.within(() => {
      const samples = packSamples(engine, x, null, this.features);
      const predictions = engine.zeros("float32", this.layout.neurons - first, samples.shape[1]);
      engine.call("single_predict", { ...forwards(engine, this.standing, samples, layers), first, predictions });
      return engine.copy(predictions);
    });
  }

  private get standing(): Forwards {
    const { layout, network, head, activations, theta } = this;
    return { layout, network, head, activations, theta };
  }

  /** Make room for the rates and the history of so many updates more. */
  private reserve(updates: number): void {
    const last = this.step + updates;
    if (last * this.rates.count > this.rates.sizes.length) {
      // Not those of all epochs at once: own points can make a hundred million updates of them.
      this.rates = stepSizes(this.engine, this.training.optimizer, Math.max(1000, 2 * last));
    }
    const epochs = this.epoch + Math.floor(updates / this.updatesPerEpoch) + 2;
    if (epochs * this.perEpoch > this.scores.length) {
      const more = new Float64Array(2 * epochs * this.perEpoch);
      more.set(this.scores);
      this.scores = more;
    }
  }

  private updatesSince(epoch: number, used: number): number {
    const first = updatesPerEpoch(this.trainingSamples - used, this.batchSize);
    return first + (this.epoch - epoch - 1) * this.updatesPerEpoch;
  }

  get trainingSamples(): number {
    return this.samples.train.shape[1];
  }

  private get batchSize(): number {
    return Math.min(this.training.batch_size, this.trainingSamples);
  }
}
