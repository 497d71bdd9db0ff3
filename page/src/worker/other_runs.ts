// Other runs from the start of the one that is shown: the same samples and initial weights, other shuffles and noise.

import type { Engine } from "../engine/engine.ts";
import { flattened } from "../engine/evaluation.ts";
import { Stepper } from "../engine/stepper.ts";
import type { PathPoint } from "../landscape/plane.ts";
import { landscape as table } from "../spec/spec.json";
import type { LandscapeWanted } from "./messages.ts";

const FEWEST_POINTS = 3; // of a path: its start, its end, and one between

/** The path of each run that did not diverge; `tell` is told how many are trained. */
export function otherPaths(engine: Engine, wanted: LandscapeWanted, tell: (trained: number) => void): PathPoint[][] {
  const { experiment, samples, seed, path, others } = wanted;
  const { step: last, weights } = path[path.length - 1];
  const room = Math.floor(table.most_numbers / Math.max(1, others * weights.length));
  const points = Math.max(FEWEST_POINTS, Math.min(table.points, room));
  const steps = [...new Set(Array.from({ length: points }, (_, i) => Math.round((last * i) / (points - 1))))];
  const found: PathPoint[][] = [];
  for (let i = 1; i <= others; i++) {
    engine.within(() => {
      const stepper = new Stepper(engine, experiment, BigInt(seed), samples, BigInt(seed) + BigInt(i));
      const run: PathPoint[] = [];
      for (const step of steps) {
        stepper.train(step - stepper.step, false);
        run.push({ step: stepper.step, weights: flattened(stepper.layers) });
        if (stepper.diverged || stepper.stopped) break;
      }
      if (run.every((point) => point.weights.every(Number.isFinite))) found.push(run);
    });
    tell(i);
  }
  return found;
}
