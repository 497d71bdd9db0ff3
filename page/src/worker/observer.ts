// What there is to see of a network: regions, responses, answers and scores, as fine as there is time for.

import type { Layer } from "../engine/layout.ts";
import { type SplitName, SPLITS } from "../engine/experiment.ts";
import type { Score, Snapshot, Stepper } from "../engine/stepper.ts";
import type { PlanePoints, Result } from "./messages.ts";
import { classesOf, confusionOf, probabilitiesOnGrid, responsesOnGrid } from "./plane.ts";

const FINE = 128; // points along the side of the regions when the network stands,
const COARSE = 64; // when it trains,
const COARSEST = 44; // and when it is a large one that trains
const LARGE = 8000; // rows of parameters
const PICTURE = 24; // points along the side of a neuron's picture
const SMALL_PICTURE = 14; // where there are many
const MANY = 150; // neurons
const CHEAP = 4; // milliseconds that scoring may take in every result
const OLD = 250; // milliseconds after which scores are too old,
const COSTLY = 8; // or so many times what they cost

type Scored = Pick<Result, "answers" | "scores" | "scoredStep" | "confusion">;
type Observed = Scored & Pick<Result, "regions" | "responses">;

/** A function that looks at the network as it is, or at a snapshot of it. */
export function makeObserver(stepper: Stepper, points: PlanePoints) {
  let scored: Scored | null = null;
  let scoredAt = -Infinity;
  let cost = 0;

  function score(step: number, layers: readonly Layer[] | undefined, splits: readonly SplitName[]): Scored {
    const [train, validation, test] = SPLITS.map((split): Score => stepper.score(split, layers));
    const answered = (split: SplitName) => classesOf(stepper, points.splits[split].x, layers);
    const ofTest = answered("test");
    return {
      answers: Object.fromEntries(splits.map((split) => [split, split === "test" ? ofTest : answered(split)])),
      scores: { train, validation, test },
      scoredStep: step,
      confusion: confusionOf(points.splits.test.y, ofTest, stepper.classes),
    };
  }

  return (past: Snapshot | null, playing: boolean, splits: readonly SplitName[], now: () => number): Observed => {
    const { extent } = points;
    const layers = past?.layers;
    const side = !playing ? FINE : stepper.layout.parameters > LARGE ? COARSEST : COARSE;
    const pictureSide = stepper.layout.neurons > MANY ? SMALL_PICTURE : PICTURE;
    const isOld = now() - scoredAt > Math.max(OLD, COSTLY * cost);
    if (scored === null || !playing || cost < CHEAP || isOld) {
      const began = now();
      scored = score(past?.step ?? stepper.step, layers, splits);
      scoredAt = now();
      cost = scoredAt - began;
    }
    return {
      regions: probabilitiesOnGrid(stepper, extent, side, layers),
      responses: responsesOnGrid(stepper, extent, pictureSide, layers),
      ...scored,
    };
  };
}
