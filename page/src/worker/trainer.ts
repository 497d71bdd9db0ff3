// Trains the network that is shown, as the page wants it, in slices that are short enough for actions to be answered.

import type { Engine } from "../engine/engine.ts";
import type { Experiment } from "../engine/experiment.ts";
import { metricOf } from "../engine/heads.ts";
import type { Layer } from "../engine/layout.ts";
import { Stepper, type Snapshot } from "../engine/stepper.ts";
import { Pace } from "../state/speeds.ts";
import { stops } from "../state/stopping.ts";
import type { Act, Ending, Observed, PlanePoints, Result, Wanted } from "./messages.ts";
import { answersOnGrid, planePoints } from "./plane.ts";
import { hiddenSpace } from "./hidden_space.ts";
import { makeRegionsFinder } from "./linear_regions.ts";
import { makeObserver } from "./observer.ts";
import { setUpOf, type Change } from "../state/provenance.ts";
import { pathOf } from "./path.ts";
import { rateCurve, segmentsOf, type Changed } from "./rates.ts";
import { Timeline } from "./timeline.ts";
import { Watcher } from "./watcher.ts";

const SLICE = 8; // milliseconds of training before messages are looked at again
const SNAPSHOTS = 200; // at least, of a training as long as it is planned: the path of the weights is made of them
const AFTER = 96; // points along the side of the regions after the update that is looked at
const FRAME = 14; // milliseconds of training from one result to the next

/** What to do after a turn: the next turn at once, in a while, or when a message comes. */
export type Next = "at once" | "soon" | "when asked";

/** One training, as it stands. */
interface Training {
  readonly stepper: Stepper;
  readonly points: PlanePoints;
  readonly observe: ReturnType<typeof makeObserver>;
  readonly findRegions: ReturnType<typeof makeRegionsFinder>;
  /** What was changed before it begins, and is not made again yet. */
  readonly toRepeat: Change[];
  readonly actedAt: number[];
  /** With what the training began, and what was changed since. */
  readonly first: Experiment["training"];
  readonly changes: Changed[];
  /** Null where the training goes on from saved numbers: what was before them is not known. */
  readonly watcher: Watcher | null;
}

/** The functions of a worker that looks after the network that is shown. `now` is in milliseconds. */
export function makeTrainer(engine: Engine, send: (result: Result) => void, now: () => number) {
  const pace = new Pace();
  let wanted: Wanted | null = null;
  let current: Training | null = null;
  let timeline = new Timeline();
  let playing = false;
  let isNews = false; // what is wanted, which the next turn does
  let isAsked = false; // for a result, which the next turn sends
  let pathFor: number | null = null; // the landscape whose path the next result has
  let isExplained = false; // whether it is known why the network is as it is
  let sentAt = -Infinity;
  let number = 0;
  let millisecondsAnUpdate = 1;

  /** Do what a message wants. One of a former training or revision is late, and dropped. */
  function take(message: Wanted): void {
    if (wanted !== null && message.training < wanted.training) return;
    if (wanted !== null && message.revision < wanted.revision) return;
    isNews ||= message.revision !== wanted?.revision;
    if (message.training !== wanted?.training) {
      current = null; // if the next cannot begin, there is none
      if (message.experiment !== null) current = begin(message, message.experiment, wanted);
    }
    wanted = message;
    isAsked = true;
    pathFor = message.pathFor;
    isExplained &&= !isNews;
  }

  function begin(message: Wanted, experiment: Experiment, before: Wanted | null): Training {
    engine.clear();
    const { from, earlier, own, seed, branchOf } = message;
    const first = setUpOf(experiment, earlier);
    const stepper = new Stepper(engine, from === null ? first : experiment, BigInt(seed), own?.samples ?? null);
    if (branchOf !== null && branchOf === before?.training) timeline.cut(from?.step ?? 0);
    else timeline = new Timeline();
    if (from !== null) stepper.resume(from);
    timeline.add(stepper.snapshot);
    playing = false;
    const points = planePoints(stepper, own?.extent ?? null);
    return {
      stepper,
      points,
      observe: makeObserver(stepper, points),
      findRegions: makeRegionsFinder(engine, stepper, points.extent),
      toRepeat: from === null ? [...earlier] : [],
      actedAt: [],
      first: first.training,
      changes: [...earlier],
      watcher: from === null ? new Watcher(engine, stepper) : null,
    };
  }

  /** Train up to where the training is to begin, for a slice at most; returns whether it is there. */
  function catchUp({ stepper, watcher, toRepeat }: Training, beginAt: number): boolean {
    const began = now();
    while (!stepper.diverged && !stepper.stopped) {
      const next = toRepeat.at(0);
      const target = next?.step ?? beginAt;
      if (stepper.step < target) {
        if (now() - began >= SLICE) return false;
        trainChunk(stepper, watcher, target - stepper.step);
      } else if (next === undefined) {
        return true;
      } else {
        change(stepper, next);
        toRepeat.shift();
      }
    }
    return true;
  }

  /** Do what is wanted since the last turn, once the training is where it is to begin. */
  function follow(training: Training, message: Wanted): void {
    for (const act of message.acts.slice(training.actedAt.length - message.actsDone)) perform(training, act);
    if (message.playing && !playing) pace.rest();
    playing = message.playing && ending(training, message) === null;
  }

  function perform({ stepper, watcher, actedAt, changes }: Training, act: Act): void {
    actedAt.push(stepper.step);
    if (act.kind === "train_update") stepper.train(1);
    else if (act.kind === "train_epoch") trainEpoch(stepper);
    else {
      changes.push({ ...act, step: stepper.step });
      change(stepper, act);
    }
    watcher?.look();
    timeline.add(stepper.snapshot);
  }

  /** Train for a slice, if it is to play, and send a result if it is time. */
  function turn(): Next {
    if (wanted === null || current === null) return "when asked";
    const isThere = catchUp(current, wanted.beginAt);
    if (isThere && isNews) follow(current, wanted);
    const trained = playing ? trainSlice(current, wanted) : 0;
    if (trained > 0 || isNews) {
      isAsked = true;
      isExplained = false;
    }
    isNews &&= !isThere;
    const isDue = (isThere && !playing) || now() - sentAt >= FRAME;
    const isAtRest = isThere && !playing;
    // Where it takes longer than a slice, what is asked for comes first.
    if (isAtRest && !isExplained) {
      if (current.watcher?.measure(now, now() + SLICE) ?? true) isExplained = isAsked = true;
      else if (!isAsked) return "at once";
    }
    if (!isAtRest) isExplained = false;
    if (isAsked && isDue) {
      isAsked = false;
      send(resultOf(current, wanted, isThere));
      if (isThere) pathFor = null;
      sentAt = now(); // a result that took long is followed by as much training as another
    }
    if (!isThere) return "at once";
    if (!playing) return isAsked || !isExplained ? "at once" : "when asked";
    return trained > 0 || wanted.speed.number === Infinity ? "at once" : "soon";
  }

  /** Train to the end of a slice at most; never past an epoch at whose end the stop rule holds. */
  function trainSlice(training: Training, { speed, stopRule }: Wanted): number {
    const { stepper, watcher } = training;
    const began = now();
    const before = stepper.step;
    const granted = pace.grant(speed, began / 1000, stepper.updatesPerEpoch);
    while (playing && stepper.step - before < granted && now() - began < SLICE) {
      trainChunk(stepper, watcher, granted - (stepper.step - before));
      playing = ending(training, { stopRule }) === null;
    }
    return stepper.step - before;
  }

  /** Train to the end of the epoch under way. */
  function trainEpoch(stepper: Stepper): void {
    const { epoch } = stepper;
    while (stepper.epoch === epoch && !stepper.diverged && !stepper.stopped) {
      stepper.train(Math.min(stepper.updatesLeft, apart(stepper)));
      timeline.add(stepper.snapshot);
    }
  }

  /** Make some updates within an epoch, so few that they are a part of a slice. */
  function trainChunk(stepper: Stepper, watcher: Watcher | null, most: number): void {
    const began = now();
    const affordable = Math.max(1, Math.floor(SLICE / 4 / millisecondsAnUpdate));
    const updates = Math.min(stepper.updatesLeft, most, affordable, apart(stepper));
    stepper.train(updates);
    millisecondsAnUpdate = Math.max(1e-5, (now() - began) / updates);
    watcher?.look();
    if (timeline.isDue(stepper.step)) timeline.add(stepper.snapshot);
  }

  function resultOf(training: Training, message: Wanted, isThere: boolean): Result {
    const { stepper, points, observe, findRegions, actedAt, first, changes, watcher } = training;
    const past = message.lookAt === null ? null : timeline.nearest(message.lookAt);
    const epoch = epochOf(stepper, stepper);
    const layers: readonly Layer[] = past?.layers ?? stepper.layers;
    const hiddenLayer = Math.min(message.hiddenLayer ?? 0, stepper.layout.sizes.length - 2);
    const samples = stepper.trainingSamples;
    const segments = segmentsOf(first, changes, samples);
    number += 1;
    return {
      kind: "result",
      training: message.training,
      revision: message.revision,
      number,
      playing: isThere ? playing : message.playing,
      ending: ending({ stepper }, message),
      step: stepper.step,
      epoch,
      updatesPerEpoch: stepper.updatesPerEpoch,
      shownStep: past?.step ?? stepper.step,
      shownEpoch: past === null ? epoch : epochOf(stepper, past),
      actedAt: [...actedAt],
      sizes: stepper.layout.sizes,
      classes: stepper.classes,
      metric: metricOf(stepper.experiment),
      layers,
      gradients: past === null ? (stepper.gradient?.map(rootMeanSquare) ?? null) : null,
      ...observe(past, playing || !isThere, message.splits, now),
      history: stepper.history,
      penalties: stepper.penalties,
      penalty: stepper.penalty(layers),
      rates: rateCurve(engine, segments, samples, Math.max(epoch, stepper.training.epochs)),
      observed: message.step === null || playing || !isThere ? null : observed(stepper, points, message.step.point, past),
      hidden: hiddenLayer === 0 ? null : hiddenSpace(stepper, points, hiddenLayer, past?.layers),
      linearRegions: message.linearRegions ? findRegions(past?.step ?? stepper.step, layers, playing || !isThere, now) : null,
      why: isExplained && past === null && watcher !== null ? watcher.findings : null,
      snapshot: playing || !isThere ? null : (past ?? stepper.snapshot),
      points: message.knowsPoints ? null : points,
      path: pathFor === null || !isThere ? null : { number: pathFor, points: pathOf(timeline, stepper.snapshot) },
    };
  }

  return { take, turn };
}

/** The update after the network that is shown; null where training has ended. A sample that is gone makes none alone. */
function observed(stepper: Stepper, { extent }: PlanePoints, point: number | null, past: Snapshot | null): Observed | null {
  if (past === null && (stepper.diverged || stepper.stopped)) return null;
  const update = stepper.observe(point !== null && point < stepper.trainingSamples ? point : null, past);
  return { ...update, regionsAfter: answersOnGrid(stepper, extent, AFTER, update.after) };
}

/** Go on with other settings, or with numbers that were set by hand in the place of the network's. */
function change(stepper: Stepper, made: Exclude<Act, { readonly kind: "train_update" | "train_epoch" }>): void {
  if (made.kind === "training") return stepper.change(made.after);
  const layers = stepper.layers;
  if (made.kind === "weights") {
    layers[made.layer] = { weights: Float32Array.from(made.weights), biases: Float32Array.from(made.biases) };
  } else {
    const { layer, output, source } = made.place;
    const { weights, biases } = layers[layer];
    if (source === null) biases[output] = made.value;
    else weights[(output * weights.length) / biases.length + source] = made.value;
  }
  stepper.replace(layers);
}

/** How many updates are made between two snapshots, at most. */
function apart({ training: { epochs }, updatesPerEpoch }: Stepper): number {
  return Math.ceil((epochs * updatesPerEpoch) / SNAPSHOTS);
}

function ending({ stepper }: Pick<Training, "stepper">, { stopRule }: Pick<Wanted, "stopRule">): Ending | null {
  if (stepper.diverged) return "diverged";
  if (stepper.stopped) return "stopped early";
  const isOver = stepper.used === 0 && stops(stopRule, stepper.history, stepper.training.epochs);
  return isOver ? "stop rule" : null;
}

/** Epochs done, with the fraction of the one under way. */
function epochOf(stepper: Stepper, { epoch, used }: Pick<Snapshot, "epoch" | "used">): number {
  return epoch + used / stepper.trainingSamples;
}

function rootMeanSquare({ weights }: Layer): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight ** 2, 0) / weights.length);
}
