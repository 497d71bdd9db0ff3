// The learning rate along the epochs, as it was while the training changed, and as it will be.

import { learningRates } from "../engine/drawing.ts";
import type { Engine } from "../engine/engine.ts";
import { placeAfter, updatesPerEpoch, type Place, type Training } from "../engine/experiment.ts";
import type { RateCurve } from "./messages.ts";

const POINTS = 200; // of each segment; more cannot be seen

/** From an update on, another learning rate, or another number of updates in an epoch. */
interface Segment {
  readonly step: number;
  /** How far the training is by then. */
  readonly place: Place;
  readonly training: Training;
}

/** A change of the training at an update; others change no segment. */
export interface Changed {
  readonly kind: string;
  readonly step: number;
  readonly after?: Training;
}

/** The segments of a training that began with `first` and so many samples, and was changed since. */
export function segmentsOf(first: Training, changes: readonly Changed[], samples: number): Segment[] {
  const segments: Segment[] = [{ step: 0, place: { epoch: 0, used: 0 }, training: first }];
  for (const { step, after: training } of changes) {
    if (training === undefined) continue;
    const last = segments[segments.length - 1];
    if (last.step === step) segments.pop();
    segments.push({ step, place: placeAt(last, step, samples), training });
  }
  return segments;
}

/** How far a training is at an update of a segment. */
export function placeAt({ step, place, training }: Segment, at: number, samples: number): Place {
  return placeAfter(place, at - step, samples, training.batch_size);
}

/** The curve of some segments up to an epoch, in order. */
export function rateCurve(engine: Engine, segments: readonly Segment[], samples: number, end: number): RateCurve {
  const epochs: number[] = [];
  const rates: number[] = [];
  const epochOf = ({ place: { epoch, used } }: Segment) => epoch + used / samples;
  segments.forEach((segment, i) => {
    const { step, training } = segment;
    const epoch = epochOf(segment);
    const perEpoch = updatesPerEpoch(samples, training.batch_size);
    const until = i + 1 < segments.length ? epochOf(segments[i + 1]) : Math.max(end, epoch);
    const updates = Math.max(1, Math.round((until - epoch) * perEpoch));
    const count = Math.min(updates + 1, POINTS);
    const steps = Array.from({ length: count }, (_, j) => Math.round((j * updates) / Math.max(1, count - 1)));
    epochs.push(...steps.map((after) => epoch + after / perEpoch));
    rates.push(...learningRates(engine, training.optimizer.learning_rate, steps.map((after) => step + after)));
  });
  return { epochs: Float64Array.from(epochs), rates: Float64Array.from(rates) };
}
