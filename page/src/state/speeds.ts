// How fast the shown network trains: so many updates, or epochs, in a second.

export interface Speed {
  readonly title: string;
  readonly number: number;
  readonly unit: "updates" | "epochs";
}

export const SPEEDS: readonly Speed[] = [
  { title: "5 updates/s", number: 5, unit: "updates" },
  { title: "½ epoch/s", number: 0.5, unit: "epochs" },
  { title: "1 epoch/s", number: 1, unit: "epochs" },
  { title: "2 epochs/s", number: 2, unit: "epochs" },
  { title: "5 epochs/s", number: 5, unit: "epochs" },
  { title: "20 epochs/s", number: 20, unit: "epochs" },
  { title: "fastest", number: Infinity, unit: "epochs" },
];

export const DEFAULT_SPEED = SPEEDS[3];

const LONGEST = 0.5; // seconds that are made up for at most: a page that was away does not come back with a leap

/** A budget of updates that grows with time. */
export class Pace {
  private last: number | null = null;
  private owed = 0;

  /** Forget the time that passes until the next grant. */
  rest(): void {
    this.last = null;
    this.owed = 0;
  }

  /** How many updates may be made at a time in seconds: a whole number, or infinity. */
  grant(speed: Speed, now: number, updatesPerEpoch: number): number {
    if (speed.number === Infinity) return Infinity;
    const rate = speed.number * (speed.unit === "epochs" ? updatesPerEpoch : 1);
    this.owed = this.last === null ? 1 : this.owed + rate * Math.min(now - this.last, LONGEST);
    this.last = now;
    const whole = Math.floor(this.owed);
    this.owed -= whole;
    return whole;
  }
}
