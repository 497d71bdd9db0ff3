// Trains the network that is shown, as the page wants it, in slices that are short enough for actions to be answered.

import type { Engine } from "../engine/engine.ts";
import type { Experiment } from "../engine/experiment.ts";
import type { Layer } from "../engine/layout.ts";
import { Stepper, type Snapshot } from "../engine/stepper.ts";
import { Pace } from "../state/speeds.ts";
import { stops } from "../state/stopping.ts";
import type { Act, Ending, PlanePoints, Result, Wanted } from "./messages.ts";
import { planePoints } from "./plane.ts";
import { hiddenSpace } from "./hidden_space.ts";
import { Observer } from "./observer.ts";
import { rateCurve, type Segment } from "./rates.ts";
import { Timeline } from "./timeline.ts";

const SLICE = 8; // milliseconds of training before messages are looked at again
const FRAME = 14; // milliseconds of training from one result to the next

/** What to do after a turn: the next turn at once, in a while, or when a message comes. */
export type Next = "at once" | "soon" | "when asked";

/** One training, as it stands. */
interface Training {
  readonly stepper: Stepper;
  readonly points: PlanePoints;
  readonly observer: Observer;
  readonly actedAt: number[];
  readonly segments: Segment[];
}

/** The functions of a worker that looks after the network that is shown. `now` is in milliseconds. */
export function makeTrainer(engine: Engine, send: (result: Result) => void, now: () => number) {
  const pace = new Pace();
  let wanted: Wanted | null = null;
  let current: Training | null = null;
  let timeline = new Timeline();
  let playing = false;
  let isAsked = false; // for a result, which the next turn sends
  let sentAt = -Infinity;
  let number = 0;
  let millisecondsAnUpdate = 1;

  /** Do what a message wants. One of a former training or revision is late, and dropped. */
  function take(message: Wanted): void {
    if (wanted !== null && message.training < wanted.training) return;
    if (wanted !== null && message.revision < wanted.revision) return;
    const isNews = message.revision !== wanted?.revision;
    if (message.training !== wanted?.training) {
      current = null; // if the next cannot begin, there is none
      if (message.experiment !== null) current = begin(message, message.experiment, wanted);
    }
    wanted = message;
    isAsked = true;
    if (current === null || !isNews) return;
    for (const act of message.acts.slice(current.actedAt.length - message.actsDone)) perform(current, act);
    if (message.playing && !playing) pace.rest();
    playing = message.playing && ending(current, message) === null;
  }

  function begin(message: Wanted, experiment: Experiment, before: Wanted | null): Training {
    engine.clear();
    const stepper = new Stepper(engine, experiment, BigInt(message.seed), message.own?.samples ?? null);
    if (message.branchOf !== null && message.branchOf === before?.training) timeline.cut(message.from?.step ?? 0);
    else timeline = new Timeline();
    if (message.from !== null) stepper.resume(message.from);
    timeline.add(stepper.snapshot);
    playing = false;
    const points = planePoints(stepper, message.own?.extent ?? null);
    return { stepper, points, observer: new Observer(stepper, points), actedAt: [], segments: [segmentOf(stepper)] };
  }

  function perform({ stepper, actedAt, segments }: Training, act: Act): void {
    actedAt.push(stepper.step);
    if (act.kind === "train_update") stepper.train(1);
    if (act.kind === "train_epoch") stepper.train(stepper.updatesLeft);
    if (act.kind === "change") {
      stepper.change(act.training);
      if (segments[segments.length - 1].step === stepper.step) segments.pop();
      segments.push(segmentOf(stepper));
    }
    if (act.kind === "set_number") {
      const { layer, output, source } = act.place;
      const layers = stepper.layers;
      const { weights, biases } = layers[layer];
      if (source === null) biases[output] = act.value;
      else weights[(output * weights.length) / biases.length + source] = act.value;
      stepper.replace(layers);
    }
    if (act.kind === "set_weights") {
      const layer = { weights: Float32Array.from(act.weights), biases: Float32Array.from(act.biases) };
      stepper.replace(stepper.layers.with(act.layer, layer));
    }
    timeline.add(stepper.snapshot);
  }

  /** Train for a slice, if it is to play, and send a result if it is time. */
  function turn(): Next {
    if (wanted === null || current === null) return "when asked";
    const trained = playing ? trainSlice(current, wanted) : 0;
    if (trained > 0) isAsked = true;
    const isDue = !playing || now() - sentAt >= FRAME;
    if (isAsked && isDue) {
      isAsked = false;
      send(resultOf(current, wanted));
      sentAt = now(); // a result that took long is followed by as much training as another
    }
    if (!playing) return isAsked ? "at once" : "when asked";
    return trained > 0 || wanted.speed.number === Infinity ? "at once" : "soon";
  }

  /** Train to the end of a slice at most; never past an epoch at whose end the stop rule holds. */
  function trainSlice(training: Training, { speed, stopRule }: Wanted): number {
    const { stepper } = training;
    const began = now();
    const before = stepper.step;
    const granted = pace.grant(speed, began / 1000, stepper.updatesPerEpoch);
    while (playing && stepper.step - before < granted && now() - began < SLICE) {
      const chunkBegan = now();
      const affordable = Math.max(1, Math.floor(SLICE / 4 / millisecondsAnUpdate));
      const updates = Math.min(stepper.updatesLeft, granted - (stepper.step - before), affordable);
      stepper.train(updates);
      millisecondsAnUpdate = Math.max(1e-5, (now() - chunkBegan) / updates);
      if (timeline.isDue(stepper.step)) timeline.add(stepper.snapshot);
      playing = ending(training, { stopRule }) === null;
    }
    return stepper.step - before;
  }

  function resultOf({ stepper, points, observer, actedAt, segments }: Training, message: Wanted): Result {
    const past = message.lookAt === null ? null : timeline.nearest(message.lookAt);
    const epoch = epochOf(stepper, stepper);
    const layers: readonly Layer[] = past?.layers ?? stepper.layers;
    const hiddenLayers = stepper.layout.sizes.length - 2;
    const isSeen = message.hiddenLayer !== null && hiddenLayers > 0;
    const hiddenLayer = isSeen ? Math.min(message.hiddenLayer ?? 1, hiddenLayers) : null;
    const end = Math.max(epoch, stepper.training.epochs);
    number += 1;
    return {
      kind: "result",
      training: message.training,
      revision: message.revision,
      number,
      playing,
      ending: ending({ stepper }, message),
      step: stepper.step,
      epoch,
      updatesPerEpoch: stepper.updatesPerEpoch,
      shownStep: past?.step ?? stepper.step,
      shownEpoch: past === null ? epoch : epochOf(stepper, past),
      actedAt: [...actedAt],
      sizes: stepper.layout.sizes,
      layers,
      ...observer.observe(past, playing, message.splits, now),
      history: stepper.history,
      rates: rateCurve(engine, segments, end),
      hidden: hiddenLayer === null ? null : hiddenSpace(stepper, points, hiddenLayer, past?.layers),
      snapshot: playing ? null : (past ?? stepper.snapshot),
      points: message.knowsPoints ? null : points,
    };
  }

  return { take, turn };
}

function ending({ stepper }: Pick<Training, "stepper">, { stopRule }: Pick<Wanted, "stopRule">): Ending | null {
  if (stepper.diverged) return "diverged";
  const isOver = stepper.used === 0 && stops(stopRule, stepper.history, stepper.training.epochs);
  return isOver ? "stop rule" : null;
}

/** Epochs done, with the fraction of the one under way. */
function epochOf(stepper: Stepper, { epoch, used }: Pick<Snapshot, "epoch" | "used">): number {
  return epoch + used / stepper.trainingSamples;
}

function segmentOf(stepper: Stepper): Segment {
  return {
    step: stepper.step,
    epoch: epochOf(stepper, stepper),
    rate: stepper.training.optimizer.learning_rate,
    updatesPerEpoch: stepper.updatesPerEpoch,
  };
}
