// What to try with each field of the set-up, beside what Python says of it: by its path, or by its name alone
// where it is a field of several parts. A test holds that every field has one.

import { CLASS_WEIGHT } from "../../state/form.ts";

interface Hint {
  /** As a sentence that stands behind "Try:". */
  readonly tries: string;
  readonly terms: readonly string[];
}

function hint(tries: string, ...terms: readonly string[]): Hint {
  return { tries, terms };
}

export const HINTS: Readonly<Record<string, Hint>> = {
  // ---- Data ----
  "dataset.kind": hint("go from linear to spirals: each asks more of the network.", "sample", "class", "target"),
  sigma: hint("double it, and see how far even a good network gets.", "sigma", "standard deviation"),
  train_per_class: hint("take 8, and train for long: the network learns its samples by heart.", "overfitting", "sample"),
  test_per_class: hint("take few, and see how much the test's result jumps from seed to seed.", "test", "validation"),
  train_samples: hint("take 20, and see what the surface is like between the points.", "overfitting", "sample"),
  test_samples: hint("take few, and see how much the test's result jumps from seed to seed.", "test", "validation"),
  classes: hint("add one class more, and train the same network.", "class", "one-hot"),
  factor: hint("0.8 lets the circles nearly touch; 0.3 makes it easy."),
  turns: hint("one turn more asks for more neurons, more layers or more epochs."),

  // ---- Network ----
  hidden_layers: hint("0 can draw straight lines only; 1 bends them.", "hidden layer", "softmax"),
  layer_width: hint("2 neurons for two rings: too few; find out how many it takes.", "neuron"),
  activation: hint("linear: however many layers, the boundary stays straight.", "activation", "relu", "tanh", "sigmoid"),
  each: hint("switch it on, and make the layers narrower from left to right.", "hidden layer"),
  "network.initializer.kind": hint("zeros with a hidden layer: all neurons stay alike, and nothing is learned.", "initializer", "glorot", "he"),
  "network.bias_initializer.kind": hint("constant, and see where the boundary begins.", "bias", "initializer"),
  shared: hint("leave it off, unless you want layers that begin alike.", "initializer"),
  mean: hint("0 is usual; far from it, all neurons begin alike."),
  stddev: hint("0.001 and then 5: too small hardly learns, too large begins saturated.", "stddev", "saturated"),
  minval: hint("take minus the upper end, so that weights begin around 0."),
  maxval: hint("make the range ten times wider, and look at the tab “Weights”."),
  gain: hint("1 keeps signals as large as they are; 2 lets them grow from layer to layer.", "exploding gradient"),
  value: hint("any value: with hidden layers, all neurons of a layer stay alike."),
  "network.kernel_regularizer.kind": hint("l2 with few samples: the boundary becomes smoother.", "regularizer", "penalty", "overfitting"),
  l1: hint("0.01, and count in the tab “Weights” how many are near 0.", "regularizer"),
  l2: hint("0.01, and watch the links become thinner.", "regularizer"),
  dropout: hint("0.5 with a wide layer and few samples, and compare a hundred runs.", "dropout", "overfitting"),
  input_noise: hint("0.1 with few samples: the boundary becomes smoother.", "noise", "overfitting"),

  // ---- Training ----
  loss: hint("categorical crossentropy: of classes, it often learns faster than the squared error.", "loss", "mean squared error", "cross-entropy"),
  "training.optimizer.kind": hint("Adam with a rate of 0.01, against SGD.", "optimizer", "SGD", "Adam"),
  learning_rate: hint("ten times more and ten times less, with the same seed.", "learning rate", "diverged"),
  "learning_rate.kind": hint("a decay: large steps at first, small ones at the end.", "schedule", "learning rate"),
  initial_learning_rate: hint("begin higher than you would without a decay.", "learning rate"),
  decay_steps: hint("as many as there are updates in all: the rate has fallen when the training ends.", "update"),
  decay_rate: hint("0.5, and watch the curve of the learning rate.", "schedule"),
  staircase: hint("switch it, and compare the curves of the learning rate.", "schedule"),
  boundaries: hint("half of all updates, and a smaller rate behind it.", "update", "schedule"),
  values: hint("1, 0.1 with one boundary.", "schedule"),
  end_learning_rate: hint("a hundredth of the first rate.", "learning rate"),
  power: hint("2 falls fast at first."),
  cycle: hint("switch it on and train past the end of the decay."),
  alpha: hint("0.1: the rate never gets below a tenth.", "learning rate"),
  warmup_target: hint("the rate that is too high for the very first updates.", "learning rate"),
  warmup_steps: hint("the updates of one epoch.", "update"),
  first_decay_steps: hint("the updates of five epochs.", "update"),
  t_mul: hint("2: each decay takes twice as long as the one before."),
  m_mul: hint("0.5: each decay begins with half the rate."),
  momentum: hint("0.9 with a learning rate that is a tenth of before.", "momentum", "velocity"),
  nesterov: hint("switch it on with momentum 0.9, and compare a hundred runs.", "nesterov", "momentum"),
  weight_decay: hint("0.01, and watch the weights shrink.", "weight decay"),
  clipvalue: hint("0.1 with a learning rate that diverges without it.", "gradient", "exploding gradient"),
  clipnorm: hint("1 with a learning rate that diverges without it.", "gradient", "exploding gradient"),
  global_clipnorm: hint("1 with a learning rate that diverges without it.", "gradient", "exploding gradient"),
  beta_1: hint("0 switches its momentum off.", "Adam", "momentum"),
  beta_2: hint("0.9 forgets large gradients sooner.", "Adam", "gradient"),
  epsilon: hint("leave it; a large one makes all steps smaller."),
  initial_accumulator_value: hint("a larger one makes the first steps smaller."),
  rho: hint("0.5 forgets sooner, and the steps jump more."),
  batch_size: hint("all samples in one batch: one update an epoch, and many epochs needed.", "batch", "update"),
  epochs: hint("more of them, while the loss still falls.", "epoch"),
  label_smoothing: hint("0.1: the network becomes less sure of itself.", "one-hot", "cross-entropy"),
  class_weight: hint("give one class ten times the weight: the border moves away from it.", "class", "loss"),
  early_stopping: hint("switch it on, and give the training ten times the epochs.", "early stopping", "overfitting"),
  reduce_lr_on_plateau: hint("switch it on with a rate that is a little too high.", "learning rate", "plateau"),
  monitor: hint("the loss on the validation samples: it says first when learning ends.", "score", "validation"),
  patience: hint("1, and see that it gives up too soon.", "plateau"),
  min_delta: hint("0.001: smaller improvements do not count.", "score"),
  start_from_epoch: hint("5, where the first epochs are restless.", "epoch"),
  restore_best_weights: hint("switch it on with a training that overfits.", "overfitting"),
  "reduce_lr_on_plateau.factor": hint("0.5 halves the rate.", "learning rate"),
  cooldown: hint("2: wait two epochs after each reduction.", "plateau"),
  min_lr: hint("0.001, and see where the rate stays.", "learning rate"),
  "stop-rule": hint("“never”, and then pause it yourself.", "early stopping"),
};

const NO_HINT: Hint = { tries: "", terms: [] };

/** What to try with the field at a path; those of a class, or of one layer of several, are as of all. */
export function hintOf(path: string): Hint {
  const steps = path.startsWith(CLASS_WEIGHT) ? ["class_weight"] : path.replace(/\.\d+$/, "").split(".");
  const names = steps.map((_, from) => steps.slice(from).join("."));
  return HINTS[names.find((name) => HINTS[name] !== undefined) ?? ""] ?? NO_HINT;
}
