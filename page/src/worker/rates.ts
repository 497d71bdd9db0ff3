// The learning rate along the epochs, as it was while the training changed, and as it will be.

import { learningRates } from "../engine/drawing.ts";
import type { Engine } from "../engine/engine.ts";
import { placeAfter, updatesPerEpoch, type Part, type Training } from "../engine/experiment.ts";
import type { Change } from "../state/provenance.ts";
import type { RateCurve } from "./messages.ts";

const POINTS = 200; // of each segment; more cannot be seen

/** From an update on, another learning rate, or another number of updates in an epoch. */
export interface Segment {
  readonly step: number;
  /** Epochs done by then, with the fraction of the one under way. */
  readonly epoch: number;
  readonly rate: number | Part;
  readonly updatesPerEpoch: number;
}

/** The segments of a training that began with `first` and so many samples, and was changed since. */
export function segmentsOf(first: Training, changes: readonly Change[], samples: number): Segment[] {
  let [training, step, place] = [first, 0, { epoch: 0, used: 0 }];
  const segment = (): Segment => ({
    step,
    epoch: place.epoch + place.used / samples,
    rate: training.optimizer.learning_rate,
    updatesPerEpoch: updatesPerEpoch(samples, training.batch_size),
  });
  const segments = [segment()];
  for (const change of changes) {
    if (change.kind !== "training") continue;
    place = placeAfter(place, change.step - step, samples, training.batch_size);
    [training, step] = [change.after, change.step];
    if (segments[segments.length - 1].step === step) segments.pop();
    segments.push(segment());
  }
  return segments;
}

/** The curve of some segments up to an epoch, in order. */
export function rateCurve(engine: Engine, segments: readonly Segment[], end: number): RateCurve {
  const epochs: number[] = [];
  const rates: number[] = [];
  segments.forEach(({ step, epoch, rate, updatesPerEpoch }, i) => {
    const until = segments[i + 1]?.epoch ?? Math.max(end, epoch);
    const updates = Math.max(1, Math.round((until - epoch) * updatesPerEpoch));
    const count = Math.min(updates + 1, POINTS);
    const steps = Array.from({ length: count }, (_, j) => Math.round((j * updates) / Math.max(1, count - 1)));
    epochs.push(...steps.map((after) => epoch + after / updatesPerEpoch));
    rates.push(...learningRates(engine, rate, steps.map((after) => step + after)));
  });
  return { epochs: Float64Array.from(epochs), rates: Float64Array.from(rates) };
}
