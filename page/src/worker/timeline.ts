// What a network was: snapshots of one training, evenly spread over its updates, within a fixed memory.

import type { Layer } from "../engine/layout.ts";
import type { Snapshot } from "../engine/stepper.ts";

const MOST_BYTES = 24_000_000; // of all snapshots together
const MOST_SNAPSHOTS = 400;

/**
 * Every snapshot is kept at first; when there are too many, every second one goes, and from then on they are
 * kept half as often. The first is never lost.
 */
export class Timeline {
  private kept: Snapshot[] = [];
  private spacing = 1;

  /** Whether a snapshot after so many updates would be kept: the last one is not too near. */
  isDue(step: number): boolean {
    return this.kept.length === 0 || step >= this.kept[this.kept.length - 1].step + this.spacing;
  }

  /** Keep a snapshot, if it is due. */
  add(snapshot: Snapshot): void {
    if (!this.isDue(snapshot.step)) return;
    this.kept.push(snapshot);
    const most = Math.min(MOST_SNAPSHOTS, Math.max(2, Math.floor(MOST_BYTES / bytesOf(snapshot))));
    while (this.kept.length > most) {
      this.spacing *= 2;
      this.kept = spaced(this.kept, this.spacing);
    }
  }

  /** Forget what came after an update. */
  cut(step: number): void {
    this.kept = this.kept.filter((snapshot) => snapshot.step <= step);
  }

  /** All that are kept, in their order. */
  get snapshots(): readonly Snapshot[] {
    return this.kept;
  }

  /** The snapshot whose update is nearest to one that is asked for. */
  nearest(step: number): Snapshot {
    return this.kept.reduce((best, each) => (Math.abs(each.step - step) < Math.abs(best.step - step) ? each : best));
  }
}

function spaced(snapshots: readonly Snapshot[], spacing: number): Snapshot[] {
  const kept = [snapshots[0]];
  for (const snapshot of snapshots.slice(1))
    if (snapshot.step >= kept[kept.length - 1].step + spacing) kept.push(snapshot);
  return kept;
}

function bytesOf({ layers, firstMoment, secondMoment, history, best }: Snapshot): number {
  const ofLayers = (all: readonly Layer[]) =>
    all.reduce((sum, { weights, biases }) => sum + weights.byteLength + biases.byteLength, 0);
  return Math.max(1, ofLayers(layers) + ofLayers(firstMoment) + ofLayers(secondMoment) + ofLayers(best ?? []) + history.byteLength);
}
