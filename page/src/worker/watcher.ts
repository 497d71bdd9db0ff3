// A training watched: the network's parameters are kept at some epochs, and measured when it has come to rest, so
// that training takes no longer. What is seen is judged by the kernel of `mlplab.explain.judging`.

import type { Engine } from "../engine/engine.ts";
import { activations, SCORES } from "../engine/experiment.ts";
import { learned } from "../engine/finite.ts";
import { metricOf } from "../engine/heads.ts";
import { isLowBetter } from "../spec/losses.ts";
import type { Measured } from "../engine/measured.ts";
import type { Stepper } from "../engine/stepper.ts";
import type { Finding } from "../explain/sentences.ts";
import { explanation } from "../explain/table.ts";
import { howItEnded } from "../statistics/ending.ts";

interface Look {
  readonly epoch: number;
  readonly parameters: Float32Array;
  /** Null until it is measured, with what moved since the look before. */
  measured: Measured | null;
}

export class Watcher {
  private readonly engine: Engine;
  private readonly stepper: Stepper;
  private readonly firstRate: number;
  private readonly firstPenalty: number;
  private looks: Look[] = [];
  /** Epochs from a look to the next: 1, 2, 4, … */
  private stride = 1;
  private samples: Readonly<Record<string, number>> | null = null;

  constructor(engine: Engine, stepper: Stepper) {
    [this.engine, this.stepper] = [engine, stepper];
    this.firstRate = stepper.learningRate;
    this.firstPenalty = stepper.penalty(stepper.layers) ?? 0;
    this.look();
  }

  /** Keep the network, if it has just come to the end of an epoch that is looked at. */
  look(): void {
    const { epoch, used } = this.stepper;
    if (used !== 0 || epoch % this.stride !== 0 || (this.looks.at(-1)?.epoch ?? -1) >= epoch) return;
    if (epoch > explanation.most_looks * this.stride) {
      this.stride *= 2;
      this.looks = this.looks.filter((each) => each.epoch % this.stride === 0).map((each) => ({ ...each, measured: null }));
      if (epoch % this.stride !== 0) return;
    }
    this.looks.push({ epoch, parameters: this.stepper.parameters, measured: null });
  }

  /** Measure until a time; returns whether all that is kept is measured. */
  measure(now: () => number, until: number): boolean {
    for (const [i, look] of this.looks.entries()) {
      if (look.measured !== null) continue;
      if (now() >= until) return false;
      look.measured = this.measured(look.parameters, i);
    }
    return true;
  }

  /** The causes that have evidence, the likeliest first, once all looks are measured. */
  get findings(): readonly Finding[] {
    const { engine, stepper } = this;
    const { codes, causes, most_numbers: most, measures } = explanation;
    // An epoch that has begun counts: in the middle of the first one, something is so since epoch 1.
    const now = stepper.epoch + Number(stepper.used > 0);
    const seen = this.looks.map(({ epoch, measured }) => ({ epoch, measured: measured as Measured }));
    if (now > (this.looks.at(-1)?.epoch ?? 0)) seen.push({ epoch: now, measured: this.measured(stepper.parameters, this.looks.length) });
    const widths = stepper.layout.sizes.slice(1);
    const facts = this.facts(seen[seen.length - 1].measured);
    return engine.within(() => {
      const found = engine.zeros("float64", codes.length, 1 + most);
      const tables = seen.flatMap(({ measured }) => [...measured.layers]);
      engine.call("judge", {
        measures: engine.array("float64", tables, seen.length, widths.length, measures),
        epochs: engine.array("float64", seen.map(({ epoch }) => epoch)),
        scores: engine.array("float64", seen.flatMap(({ measured: { loss, metric } }) => [loss, metric]), seen.length, 2),
        widths: engine.array("int64", widths),
        facts: engine.array("float64", explanation.facts.map((name) => facts[name] ?? 0)),
        found,
      });
      const rows = engine.copy(found);
      return codes.flatMap((code, i) => {
        const [isNamed, ...numbers] = rows.slice(i * (1 + most), (i + 1) * (1 + most));
        return isNamed === 0 ? [] : [{ code, numbers: numbers.slice(0, Object.keys(causes[code].numbers).length) }];
      });
    });
  }

  private measured(parameters: Float32Array, place: number): Measured {
    return this.stepper.measured(parameters, this.looks[Math.max(0, place - 1)].parameters);
  }

  private facts({ loss, metric, predicted }: Measured): Readonly<Record<string, number>> {
    const { stepper } = this;
    const { experiment } = stepper;
    this.samples ??= stepper.sampleFacts;
    const { labelled, constantLoss } = learned(experiment.training.loss, stepper.points("train").y, stepper.classes);
    const ending = howItEnded({
      trainLosses: [...stepper.history.filter((_, i) => i % SCORES === 0), loss],
      weightsAreFinite: stepper.parameters.every(Number.isFinite),
      accuracy: metric,
      predicted,
      labelled,
      constantLoss,
    });
    const all = predicted.reduce((sum, count) => sum + count, 0);
    return {
      ...this.samples,
      failed: ["finished", "stuck", "diverged"].indexOf(ending),
      updates: stepper.step,
      is_linear: Number(activations(experiment.network).every((name) => name === "linear")),
      lower_is_better: Number(isLowBetter(metricOf(experiment))),
      one_class: all > 0 ? Math.max(...predicted) / all : 0,
      first_rate: this.firstRate,
      last_rate: stepper.learningRate,
      features: stepper.features,
      ...this.trainedLoss(loss),
    };
  }

  /** The loss that is trained, before the first update and now, where it is another one than that of the looks. */
  private trainedLoss(loss: number): Readonly<Record<string, number>> {
    const { stepper } = this;
    const penalty = stepper.penalty(stepper.layers);
    const isWeighted = stepper.classWeights.some((weight) => weight !== 1);
    if (!isWeighted && penalty === null) return {};
    const { y } = stepper.points("train");
    const meanWeight = isWeighted ? y.reduce((sum, label) => sum + stepper.classWeights[label], 0) / y.length : 1;
    const begun = this.looks[0].measured as Measured;
    const ended = isWeighted ? (stepper.history.at(-SCORES) ?? loss) : loss;
    return { begun_at: meanWeight * begun.loss + this.firstPenalty, ended_at: ended + (penalty ?? 0) };
  }
}
