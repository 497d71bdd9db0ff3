// The numbers by which runs are judged: `mlplab.statistics.measures`.

import { writeExponent, writeFixed, writeGeneral } from "./text.ts";

/** The unit of differences between fractions, such as accuracies. */
export const PERCENTAGE_POINTS = "percentage points";

/** The margin of accuracies: one percentage point. */
export const ONE_POINT = 0.01;

export type MeasureName = "test_accuracy" | "test_loss" | "train_accuracy" | "train_loss";

/** A number that every run has. */
export interface Measure {
  readonly name: MeasureName;
  /** In words. */
  readonly title: string;
  /** Of differences. */
  readonly unit: typeof PERCENTAGE_POINTS | "";
  readonly lowerIsBetter: boolean;
  /** The smallest difference that is called meaningful; null where none suits all experiments. */
  readonly margin: number | null;
  readonly onTrainingSamples: boolean;
}

/** What the two accuracies and the two losses have in common. */
const accuracy = { unit: PERCENTAGE_POINTS, lowerIsBetter: false, margin: ONE_POINT } as const;
const loss = { unit: "", lowerIsBetter: true, margin: null } as const;

/** What may be asked of runs, by name. */
export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  test_accuracy: { name: "test_accuracy", title: "test accuracy", ...accuracy, onTrainingSamples: false },
  test_loss: { name: "test_loss", title: "test loss", ...loss, onTrainingSamples: false },
  train_accuracy: {
    name: "train_accuracy",
    title: "training accuracy",
    ...accuracy,
    onTrainingSamples: true,
  },
  train_loss: { name: "train_loss", title: "training loss", ...loss, onTrainingSamples: true },
};

/** A difference as a number in the measure's unit, without the unit. */
export function writeDifference(measure: Measure, value: number): string {
  if (measure.unit !== PERCENTAGE_POINTS) return writeGeneral(value + 0, 3);
  const text = writeFixed(100 * value, 2);
  return Number(text) === 0 ? "0.00" : text;
}

/** A value, not a difference: accuracies in per cent, others as they are. */
export function writeValue(measure: Measure, value: number): string {
  if (measure.unit === PERCENTAGE_POINTS) return `${writeFixed(100 * value, 2)} %`;
  return Math.abs(value) >= 0.001 || value === 0 ? writeFixed(value, 4) : writeExponent(value, 1);
}

/** The margin that was given, or else the measure's own; throws where neither is one. */
export function chooseMargin(measure: Measure, margin: number | null): number {
  if (margin === null) {
    if (measure.margin !== null) return measure.margin;
    throw new RangeError(
      `expected a margin, the smallest difference of ${measure.title} that would mean anything, ` +
        "received none",
    );
  }
  if (!(margin >= 0 && margin < Infinity)) {
    throw new RangeError(`expected a margin of 0 or above, received ${writeMargin(margin)}`);
  }
  if (measure.unit === PERCENTAGE_POINTS && margin >= 1) {
    throw new RangeError(
      `expected a margin below 1 for ${measure.title}, where 0.01 is one percentage point, received ` +
        writeGeneral(margin),
    );
  }
  return margin;
}

function writeMargin(margin: number): string {
  return Number.isFinite(margin) ? String(margin) : writeGeneral(margin);
}
