// What the parts of the page say of themselves: a sentence, what to try, and terms of the glossary.
//
// Fields of the set-up have Python's sentence, and their hints stand in `hints.ts`; lessons have `lesson_texts.ts`.

import { type HelpText, text } from "./help_text.ts";
import { LESSON_TEXTS } from "./lesson_texts.ts";

export const TEXTS = {
  // ---- The header ----
  preset: text(
    "Ready-made set-ups: the lab's tasks, and some more.",
    "choose 1.1, whose two classes a straight line divides, and then 1.2, whose classes no line divides.",
    "experiment",
  ),
  play: text(
    "Trains on until the stop rule ends it, and pauses when pressed again.",
    "play, and watch the plane and the loss at the same time.",
    "training", "update",
  ),
  one_update: text(
    "Trains for one update: one batch of samples changes all weights once.",
    "press it a few times, and see which links change most.",
    "update", "batch", "gradient",
  ),
  one_epoch: text(
    "Trains for one epoch: each training sample is used once.",
    "press it, and read the loss after each epoch.",
    "epoch",
  ),
  reset: text(
    "Begins anew with the same samples, the same first weights and the same order.",
    "change the learning rate, reset, and play again: all that differs comes of the rate.",
    "seed", "initializer",
  ),
  speed: text(
    "How fast it plays; the network learns the same at every speed.",
    "choose a slow one to see single updates, and “fastest” to see how it ends.",
    "epoch", "update",
  ),
  seed: text(
    "The number that all chance follows from: samples, first weights and their order.",
    "type a seed twice, and get the same run twice.",
    "seed",
  ),
  new_seed: text(
    "Begins anew with the next seed: other samples, other first weights, the same set-up.",
    "press it and play, five times, and note how far the results differ.",
    "seed", "run",
  ),
  lessons: text(
    "Lessons that ask before they show, and a place to make one of your own.",
    "open the first one, and predict before you try.",
  ),
  files: text(
    "Links to this session, programs and tables to save, and files to open.",
    "copy a short link and open it in another window.",
  ),
  short_link: text(
    "Makes a link that has the set-up in it, and copies it; who opens it sees the page train up to here.",
    "send it by mail: it is short enough.",
    "seed",
  ),
  whole_link: text(
    "Makes a link that has weights and curves in it, too, and copies it.",
    "take a session file instead if the link is long.",
    "weight",
  ),
  link_field: text("The link that was made, to copy by hand.", "open it in another window."),
  help: text(
    "The tour, the glossary, and the list of all keys.",
    "press F1 on any control: it explains that one.",
  ),
  present: text(
    "Makes plane and network as large as they can be, for those in the last row; press it again to go back.",
    "press it before you show something to others.",
  ),
  theme: text(
    "Switches between light and dark colours.",
    "use light colours with a projector.",
  ),
  close: text("Takes this sentence away.", "read it first."),
  take_tour: text("Shows the page in five steps.", "take it: it is over in a minute, and can be left at any time."),
  no_tour: text("Takes the question away for good; the tour stays under “?”.", "press “?” whenever you want the tour."),

  // ---- The numbers at the top ----
  scores: text(
    "How far the training is, and how good the network that is shown is on each of the three splits.",
    "compare training and test: where training is much better, the network has learned its samples by heart.",
    "split", "accuracy", "overfitting",
  ),
  tile_epoch: text("Whole passes over the training samples so far.", "press “+1 epoch”.", "epoch"),
  tile_update: text("Changes of all weights so far.", "press “+1 update”.", "update", "batch"),
  tile_training: text(
    "How good the network is on the samples that it learns from.",
    "compare it with the test: it should not be much better.",
    "training", "metric",
  ),
  tile_validation: text(
    "How good the network is on samples that it does not learn from, by which settings are chosen.",
    "choose settings by this number, and not by that of the test.",
    "validation", "metric",
  ),
  tile_test: text(
    "How good the network is on samples that neither it nor you have used: what counts in the end.",
    "press “New seed”, train, and see how much this number is luck.",
    "test", "metric",
  ),
  tile_loss: text(
    "The loss on the test samples: less is better.",
    "watch it while the accuracy stays: it still falls as the network grows surer.",
    "loss", "test",
  ),
  tile_penalty: text(
    "The loss on the test samples with what the regularizer adds for large weights.",
    "make the regularizer ten times stronger, and see which part grows.",
    "penalty", "regularizer",
  ),

  // ---- The pictures in the middle ----
  network: text(
    "The network, from inputs to outputs: a square shows what a neuron answers over the whole plane, and a link is a weight, thicker where it is larger.",
    "click a link and type another weight; what it changes is seen at once.",
    "neuron", "weight", "bias", "hidden layer",
  ),
  editor: text(
    "Sets a weight or a bias by hand.",
    "type 0: the link is as good as cut.",
    "weight", "bias",
  ),
  curves: text(
    "Loss, metric and learning rate, epoch by epoch: the solid curve is of the training samples, the dashed one of the validation samples.",
    "train for many epochs with few samples: the dashed loss rises again while the solid one falls.",
    "loss", "validation", "overfitting",
  ),
  curve_loss: text(
    "The loss after each epoch: how far the outputs are from what they should be.",
    "make the learning rate ten times larger and see whether the curve still falls.",
    "loss", "epoch", "diverged",
  ),
  curve_metric: text(
    "How good the predictions are after each epoch: the accuracy in percent, or the metric of a target.",
    "look for a curve that stays flat: the network may be stuck.",
    "metric", "accuracy", "stuck",
  ),
  curve_rate: text(
    "The learning rate of each update, which a schedule changes on the way.",
    "set “learning rate is” to a decay and watch the curve.",
    "learning rate", "schedule",
  ),

  // ---- The plane ----
  plane: text(
    "All points, and behind them the class that the network answers there, paler where it is unsure; a ring means that the answer is wrong. Of a target, colours are its value.",
    "point at the border between two colours: the probabilities are nearly equal there.",
    "sample", "feature", "decision boundary", "softmax",
  ),
  points_training: text("Shows the points that the network learns from.", "compare them with “test”.", "training"),
  points_test: text(
    "Shows points that the network has never learned from.",
    "count the rings: these errors are what counts.",
    "test",
  ),
  points_all: text("Shows the points of all three splits.", "see how much the splits are alike.", "split"),
  linear_regions: text(
    "Draws the parts of the plane in which no neuron comes to a kink of its activation, and the exact decision boundary: within each part the network is one linear function.",
    "play with relu: the lines that the neurons draw turn until they enclose a class.",
    "linear region", "decision boundary", "activation",
  ),
  draw_own: text(
    "Makes the points yours: add, move and remove them in the plane.",
    "put one point of the wrong class into the midst of the others, and train.",
    "sample", "class",
  ),
  open_csv: text(
    "Opens points from a CSV file: two columns of features and one of labels.",
    "save the points under “Files” to see how such a file looks.",
    "feature", "class",
  ),
  tool_add: text("A click in the plane adds a point of the chosen class.", "draw a ring around a cloud.", "class"),
  tool_move: text("Drags points to other places.", "move a point over the border while the network trains."),
  tool_remove: text("A click removes a point.", "remove those that lie among the other class."),
  tool_class: text("A click gives a point the chosen class.", "give one point a wrong class on purpose.", "class"),
  class_of_points: text("The class of the points that are added.", "choose another one and add its points.", "class"),
  class_more: text("Adds one class more.", "draw three classes that no straight lines divide.", "class"),
  undo: text("Takes the last change of the points back.", "undo and redo a point that changes much."),
  redo: text("Makes the change again that was taken back.", "undo and redo a point that changes much."),
  clear: text("Removes all points.", "begin with an empty plane; undo brings the points back."),
  back_to_dataset: text("Brings the dataset of before back.", "keep your points first: “Files” saves them."),

  // ---- The details ----
  larger_details: text("Gives the details the place of network and curves.", "use it for the map and for many runs."),
  tab_confusion: text(
    "Which class is taken for which: rows are the true class of the test points, columns the answer; the stronger a cell, the more of its row.",
    "look off the diagonal: these are the errors.",
    "confusion matrix", "class",
  ),
  tab_predicted: text(
    "What the network predicts for each test point against the point's target: on the line, the prediction is right.",
    "look where dots lie far from the line: are these targets high or low?",
    "target", "residual",
  ),
  tab_hidden: text(
    "The training points as a hidden layer sees them: each point stands where the answers of two neurons, or the two main directions of more, put it.",
    "train, and see how the last hidden layer pulls the classes apart.",
    "hidden layer", "activation",
  ),
  tab_weights: text(
    "The weights of each layer, how many have which size, and the gradient that reaches the layer.",
    "compare the first layer's gradient with the last one's: far smaller, it vanishes on its way back.",
    "weight", "gradient", "vanishing gradient", "dead neuron",
  ),
  tab_step: text(
    "One update with all its numbers: forward, the loss, δ on its way back, and what the optimizer makes of it.",
    "choose a point that is answered wrongly, and follow what it does to one weight.",
    "update", "gradient", "loss",
  ),
  step_batch: text(
    "Shows the update as the training makes it: by the batch that comes next.",
    "press “+1 update”, and see that the weights are those that were foretold.",
    "update", "batch",
  ),
  step_alone: text(
    "Shows the update that one training point alone would make, so that every number can be computed by hand.",
    "click a ringed point in the plane.",
    "update", "sample",
  ),
  step_point: text(
    "The number of the training point whose update is shown.",
    "click another point in the plane, or press the arrow keys there.",
    "sample",
  ),
  step_before: text("Goes back to the stage before.", "press ← instead.", "update"),
  step_next: text("Goes on to the next stage.", "press → instead.", "update"),
  step_stage: text(
    "The stage of the update: forward layer by layer, the loss, back layer by layer, a weight, and the effect.",
    "drag it from the left end to the right one.",
    "update",
  ),
  step_play: text(
    "Goes through the stages by itself, slowly; press it again to pause.",
    "watch δ come back from the outputs.",
    "update", "gradient",
  ),
  step_weight: text(
    "Which weight's gradient and update are shown: its layer, its neuron and its input.",
    "click a link in the picture instead.",
    "weight", "gradient",
  ),
  tab_why: text(
    "Why the network is as it is, with the numbers that show it; and single changes, each tried from the same seeds.",
    "train task 1.2 with sigmoid, and press “What would help?”.",
    "stuck", "dead neuron", "vanishing gradient",
  ),
  tab_loss: text(
    "The loss around the training, on a plane of weight space, and the path that the weights took on it.",
    "train with a learning rate that is too large, and look at the path.",
    "loss", "weight",
  ),
  tab_runs: text(
    "Many runs of a set-up: a hundred from other seeds, two set-ups compared, or a map of two numbers.",
    "train a hundred, and see whether this run was luck.",
    "run", "seed",
  ),
  tab_provenance: text(
    "What was changed on the way to this network, and at which update.",
    "change the learning rate while it trains, and find it here.",
    "seed",
  ),
  tab_line: text(
    "Task 3 of the lab: the line that weights and biases draw, and what a wanted line asks of them.",
    "drag the line in the plane, and watch W and b.",
    "decision boundary", "weight", "bias",
  ),
  plane_path: text(
    "A plane through the start, the end, and the point of the path that is farthest from the line between them.",
    "look for the turn in the path.",
    "loss", "weight",
  ),
  plane_principal: text(
    "A plane in the two directions in which the weights moved most.",
    "compare how much of the path lies in it with the plane of the path.",
    "loss", "weight",
  ),
  plane_random: text(
    "A plane in two random directions around the end, each as long as the weights of a neuron.",
    "see how wide the valley is in which the training ended.",
    "loss", "weight",
  ),
  draw_landscape: text("Draws the loss around the training as it is now.", "press it after each epoch.", "loss"),
  hundred_paths: text(
    "A hundred runs from the same initial weights, on the same samples, in other orders, all on one plane.",
    "see whether the order of the samples alone decides in which valley a run ends.",
    "run", "shuffle", "weight",
  ),
  add_penalty: text("Adds what the regularizer adds to the loss.", "see how it makes the valley rounder.", "penalty", "regularizer"),
  curve_path: text(
    "The loss of the weights on their path, and, dashed, of the places at which the path is drawn.",
    "where the two differ, the path runs far from the plane.",
    "loss",
  ),
  hidden_layer: text("Which hidden layer is shown.", "go from the first to the last.", "hidden layer"),

  // ---- Many runs ----
  study_hundred: text(
    "The same set-up, trained a hundred times from other seeds.",
    "press “Train a hundred” and find this run among the dots.",
    "seed", "percentile",
  ),
  study_comparison: text(
    "Two set-ups, a hundred runs of each from the same seeds, and a verdict.",
    "keep a set-up as A, change one thing, and compare.",
    "interval",
  ),
  study_map: text(
    "A grid of two numbers of the set-up, with the median of some runs in each cell.",
    "map learning rate and batch size.",
    "median", "learning rate", "batch",
  ),
  study_tried: text(
    "The trainings of this visit: what was set up, from which seed, and how they ended.",
    "press a run's number to go back to it.",
    "run", "seed",
  ),
  tried_reference: text("From which run the differences are told.", "choose the first run, to see all that you have changed."),
  tried_csv: text("Saves the table as a CSV file, which spreadsheets open.", "keep it for your report."),
  tried_set_up: text("Sets this run up again: its set-up and its seed.", "go back to the best one, and change one thing.", "seed"),
  train_hundred: text("Trains the set-up from the next hundred seeds.", "press it, and wait a second or some.", "seed", "run"),
  keep_as_a: text("Keeps the set-up as it is now, to compare another one with it.", "keep, and then change one field."),
  compare_with_a: text("Trains a hundred runs of A and of the set-up as it is now.", "change one thing only, or you will not know what helped.", "interval"),
  what_would_help: text(
    "Trains single changes of the set-up, each from the same hundred seeds, and lists those that rescue.",
    "press it, and then click a change that rescues.",
    "seed", "interval",
  ),
  load_change: text("Begins anew with this change.", "load it, train, and look at “Why” again."),
  load_unchanged: text("Begins anew with the set-up without the changes.", "go back, and try another change."),
  train_map: text("Trains all cells of the map.", "choose other numbers on the axes first.", "run"),
  axis_right: text("The number that grows to the right.", "choose the learning rate.", "learning rate"),
  axis_up: text("The number that grows upwards.", "choose the batch size.", "batch"),
  map_cell: text(
    "A cell of the map: a click begins anew with its two values.",
    "click the strongest cell, and then the weakest.",
    "median",
  ),
  strip: text(
    "Each dot is a run, over the axis of its test metric; the bar below is the mean of the middle half with its 95 % interval.",
    "click the dot at the far left: its seed is loaded, and you can see what went wrong.",
    "interquartile mean", "interval", "stuck",
  ),
  all_runs: text("The same runs as a table, from the best on.", "click a seed to load that run.", "seed"),
  set_up_seed: text("Begins anew with this run's seed.", "load the worst one, and look at its network.", "seed"),
  set_up_side: text("Begins anew with this set-up.", "look at both, one after the other."),

  // ---- Task 3 ----
  wanted_line: text("The line that is wanted, as one writes it.", "type x2 = 0.5·x1.", "decision boundary"),
  this_line: text("Makes the line that is drawn the wanted one.", "drag the line first."),
  a_solution: text("Puts weights in that draw the wanted line; each press gives other ones.", "press it again and again: infinitely many draw one line.", "weight"),
  lab_solution: text("Puts in the weights of this equation of the lab report.", "compare both: other weights, the same line.", "weight"),
  switch_labels: text("Swaps the two rows of W and b: the line stays, the classes change sides.", "press it twice.", "class"),

  // ---- The time line ----
  time_line: text(
    "All updates so far: drag it to look back, to the nearest one that was kept; arrow keys go by one update, Page Up and Page Down by one epoch.",
    "train, drag it to the beginning, and slowly forth again.",
    "update", "epoch",
  ),
  go_on_from_here: text("Lets the training go on from the update that you look at.", "change the learning rate here, and see another future."),
  back_to_now: text("Goes back to the last update.", "compare then and now."),

  ...LESSON_TEXTS,
} as const satisfies Readonly<Record<string, HelpText>>;

/** A part of the page that has a text. */
export type Part = keyof typeof TEXTS;
