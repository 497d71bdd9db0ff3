// What is said of each stage of an update: formulas with their numbers filled in. `mlplab.explain.step_text` says the
// same, but for the effect.

import { activations, dropoutRates, hasTargets, type Experiment } from "../../engine/experiment.ts";
import { strengthsOf } from "../../engine/penalty.ts";
import { spec, type HeadFormulas } from "../../spec/schema.ts";
import type { Stage } from "../../state/step.ts";
import { briefly, evaluate, filled, inParentheses, plain, type Values } from "../../text/formula.ts";
import type { NumberPlace, Observed } from "../../worker/messages.ts";
import { sum, symbol, weightSymbol, type Pair } from "./sums.ts";

/** A formula, and what it comes to; or a sentence. */
export interface Line {
  readonly left?: string;
  readonly numbers: string;
  readonly value?: string;
}

const MOST_TERMS = 6;

/** Reads one sample of an update: the first of the batch. */
export class Reading {
  readonly names: readonly string[];
  readonly head: HeadFormulas;
  readonly samples: number;
  readonly last: number;

  constructor(
    readonly observed: Observed,
    readonly experiment: Experiment,
  ) {
    const { dataset, training, network } = experiment;
    this.names = activations(network);
    this.head = spec.formulas[hasTargets(dataset) ? "targets" : "classes"][training.loss];
    this.samples = observed.samples.length;
    this.last = observed.before.length - 1;
  }

  /** One number of each neuron of a level or layer, of the first sample. */
  of(numbers: Float32Array): number[] {
    return Array.from({ length: numbers.length / this.samples }, (_, i) => numbers[i * this.samples]);
  }

  /** What dropout multiplies a neuron's output by; null where there is none. */
  mask(layer: number, j: number): number | null {
    const rate = dropoutRates(this.experiment.network).at(layer) ?? 0;
    if (layer === this.last || rate === 0) return null;
    const [h, activated] = [this.observed.h[layer + 1], this.observed.activated[layer]].map((each) => this.of(each)[j]);
    return h === 0 && activated !== 0 ? 0 : 1 / (1 - rate);
  }

  /** What the outputs of the first sample should be; with smoothed labels, if they are. */
  get y(): number[] {
    return this.labels.map((y) => this.smoothed(y));
  }

  private get labels(): number[] {
    const outputs = this.of(this.observed.h[this.last + 1]).length;
    const [answer] = this.observed.answers;
    if (hasTargets(this.experiment.dataset) || outputs === 1) return [answer];
    return Array.from({ length: outputs }, (_, k) => Number(k === answer));
  }

  private smoothed(y: number): number {
    const { label_smoothing: s = 0 } = this.experiment.training;
    return s === 0 ? y : evaluate(spec.formulas.smoothing, { y, s, K: this.classes });
  }

  private get classes(): number {
    return Math.max(2, this.labels.length);
  }

  /** How labels are smoothed; nothing, if they are not. */
  get smoothing(): Line[] {
    const { label_smoothing: s = 0 } = this.experiment.training;
    if (s === 0) return [];
    return this.labels.slice(0, MOST_TERMS).map((y, k) => ({
      left: `y${symbol(k + 1)}`,
      numbers: filled(spec.formulas.smoothing, { y, s, K: this.classes }),
      value: briefly(this.smoothed(y)),
    }));
  }

  /** p, y, g and K, for the templates of the head; p as the loss takes it. */
  get outputs(): Values & { readonly g: number[] } {
    const p = this.of(this.observed.h[this.last + 1]);
    const { within } = this.head;
    const kept = within === null ? p : p.map((each) => Math.min(within[1], Math.max(within[0], each)));
    const values = { p: kept, y: this.y, K: p.length };
    const g = p.map((each, k) => (this.isClipped(each) ? 0 : evaluate(this.head.slope, values, k)));
    return { ...values, g };
  }

  isClipped(p: number): boolean {
    const { within } = this.head;
    return within !== null && !(p > within[0] && p < within[1]);
  }
}

/** What is said of a stage, of the neurons that are shown of each level. */
export function linesOf(reading: Reading, stage: Stage, shown: readonly (readonly number[])[], place: NumberPlace): Line[] {
  if (stage.kind === "forward") return shown[stage.layer + 1].flatMap((j) => forwardLines(reading, stage.layer, j));
  if (stage.kind === "loss") return lossLines(reading);
  if (stage.kind === "back")
    return shown[stage.layer + 1].flatMap((j) =>
      stage.layer === reading.last ? outputLines(reading, j) : hiddenLines(reading, stage.layer, j),
    );
  if (stage.kind === "weight") return weightLines(reading, place);
  return effectLines(reading);
}

function forwardLines(reading: Reading, layer: number, j: number): Line[] {
  const { observed, head, last, names } = reading;
  const { weights, biases } = observed.before[layer];
  const inputs = reading.of(observed.h[layer]);
  const z = reading.of(observed.z[layer]);
  const value = briefly(reading.of(observed.h[layer + 1])[j]);
  const pairs = inputs.map((h, i): Pair => [weights[j * inputs.length + i], h]);
  const bias = biases[j];
  const weighted = {
    left: `z${symbol(j + 1)}`,
    numbers: `${sum(pairs, MOST_TERMS)} ${bias < 0 ? "-" : "+"} ${briefly(Math.abs(bias))}`,
    value: briefly(z[j]),
  };
  if (layer === last) {
    const numbers = filled(head.output, { z }, { output: j, most: MOST_TERMS });
    return [weighted, { left: `p${symbol(j + 1)}`, numbers, value }];
  }
  const numbers = cases(filled(spec.formulas.activations[names[layer]].formula, { z: z[j] }));
  const mask = reading.mask(layer, j);
  if (mask === null) return [weighted, { left: `h${symbol(j + 1)}`, numbers, value }];
  const times = briefly(mask);
  return [
    weighted,
    { left: `h${symbol(j + 1)}`, numbers: `(${numbers}) · ${times}`, value: `${value} (dropout's mask is ${times})` },
  ];
}

function lossLines(reading: Reading): Line[] {
  const { observed, head, samples, experiment } = reading;
  const { outputs, y } = reading;
  const ofSample = briefly(evaluate(head.loss, outputs));
  const [weight] = observed.sampleWeights;
  const isWeighted = observed.sampleWeights.some((each) => each !== 1);
  const loss = briefly(observed.loss);
  const lines: Line[] = [
    ...(reading.smoothing.length > 0 ? reading.smoothing : [{ left: "y", numbers: `(${y.slice(0, MOST_TERMS).map(briefly).join(", ")}${y.length > MOST_TERMS ? ", …" : ""})` }]),
    { left: "ℓ", numbers: plain(head.loss) },
    { left: "ℓ", numbers: filled(head.loss, outputs, { most: MOST_TERMS }), value: ofSample },
  ];
  if (samples > 1) lines.push({ left: "L", numbers: `the mean of ${isWeighted ? "w·ℓ" : "ℓ"} over ${samples} samples`, value: loss });
  else if (weight !== 1) lines.push({ left: "L", numbers: `w · ℓ = ${briefly(weight)} · ${ofSample}`, value: loss });
  if (experiment.network.kernel_regularizer !== null)
    lines.push({ numbers: `The regularizer adds P = ${briefly(observed.penalty)}.` });
  return lines;
}

function outputLines(reading: Reading, k: number): Line[] {
  const { observed, head, last, samples } = reading;
  const values = reading.outputs;
  const p = reading.of(observed.h[last + 1]);
  const name = symbol(k + 1);
  const [weight] = observed.sampleWeights;
  const least = briefly(head.within?.[0] ?? 0);
  const slope: Line = reading.isClipped(p[k])
    ? { left: `g${name}`, numbers: `0, since p is not between ${least} and 1 - ${least}` }
    : { left: `g${name}`, numbers: filled(head.slope, values, { output: k }), value: briefly(values.g[k]) };
  const back = filled(head.backward, { ...values, p }, { output: k, most: MOST_TERMS });
  const times = `${weight === 1 ? "" : ` · ${briefly(weight)}`}${samples > 1 ? ` / ${samples}` : ""}`;
  const numbers = times === "" ? back : `(${back})${times}`;
  return [slope, { left: `δ${name}`, numbers, value: briefly(reading.of(observed.delta[last])[k]) }];
}

function hiddenLines(reading: Reading, layer: number, j: number): Line[] {
  const { observed, names } = reading;
  const above = observed.before[layer + 1];
  const inputs = above.weights.length / above.biases.length;
  const pairs = reading.of(observed.delta[layer + 1]).map((delta, o): Pair => [above.weights[o * inputs + j], delta]);
  const { slope } = spec.formulas.activations[names[layer]];
  const values = { z: reading.of(observed.z[layer])[j], h: reading.of(observed.activated[layer])[j] };
  const value = evaluate(slope, values);
  const mask = reading.mask(layer, j);
  const dropped = mask === null ? "" : ` · ${briefly(mask)}`;
  const name = symbol(j + 1);
  return [
    { left: `h'${name}`, numbers: cases(filled(slope, values)), value: briefly(value) },
    {
      left: `δ${name}`,
      numbers: `(${sum(pairs, MOST_TERMS)})${dropped} · ${inParentheses(value)}`,
      value: briefly(reading.of(observed.delta[layer])[j]),
    },
  ];
}

function weightLines(reading: Reading, place: NumberPlace): Line[] {
  const { observed, samples, experiment } = reading;
  const { layer, output: j, source } = place;
  const { formulas } = spec;
  const { optimizer } = experiment.training;
  const name = source === null ? `b${symbol(j + 1)}` : weightSymbol(j + 1, source + 1);
  const delta = observed.delta[layer].subarray(j * samples, (j + 1) * samples);
  const inputs = source === null ? null : observed.h[layer].subarray(source * samples, (source + 1) * samples);
  const pairs = Array.from(delta, (each, i): Pair => [each, inputs === null ? 1 : inputs[i]]);
  const came = source === null ? "1" : `${layer === 0 ? "x" : "h"}${symbol(source + 1)}`;
  const over = samples > 1 ? `, summed over ${samples} samples` : "";
  const at = numberAt(place);
  const [gradient, penalised, taken] = [observed.gradient, observed.penalised, observed.taken].map(at);
  const before = at(observed.before);
  const lines: Line[] = [
    { left: `∂L/∂${name}`, numbers: `δ${symbol(j + 1)} · ${came}${over}` },
    { left: `∂L/∂${name}`, numbers: sum(pairs, MOST_TERMS), value: briefly(gradient) },
  ];
  if (experiment.network.kernel_regularizer !== null && source !== null) {
    const slope = filled(formulas.penalty_slope, { ...strengthsOf(experiment.network), w: before });
    lines.push({ left: "g", numbers: `∂L/∂w + ∂P/∂w = ${briefly(gradient)} + ${slope}`, value: briefly(penalised) });
  }
  const clipping = Object.keys(formulas.clipping).find((field) => typeof optimizer[field] === "number");
  if (clipping !== undefined) {
    const values = { g: penalised, c: Number(optimizer[clipping]), "‖g‖": normOf(observed, place, clipping) };
    lines.push({ left: "g", numbers: filled(formulas.clipping[clipping], values), value: `${briefly(taken)} (${clipping})` });
  }
  return [...lines, ...ruleLines(reading, place)];
}

/** How the optimizer moves one number: with decay, if there is any, and what it remembers. */
function ruleLines({ observed, experiment }: Reading, place: NumberPlace): Line[] {
  const { optimizer } = experiment.training;
  const { rules, symbols, moments, step_sizes, begins_with } = spec.formulas.optimizers[optimizer.kind];
  const rule = rules.find(({ when }) => Object.entries(when).every(([field, value]) => optimizer[field] === value));
  if (rule === undefined) throw new Error(`no rule of ${optimizer.kind} applies`);
  const at = numberAt(place);
  const text = rule.lines.map(([, template]) => template).join(" ");
  const used = (name: string) => text.includes(`{${name}}`);
  const initial = (name: string) => (name in begins_with ? Number(optimizer[begins_with[name]]) : 0);
  const values: Record<string, number> = {
    ...Object.fromEntries(Object.entries(symbols).map(([name, field]) => [name, Number(optimizer[field])])),
    ...Object.fromEntries(step_sizes.map((name, i) => [name, observed.stepSizes[i]])),
    ...Object.fromEntries(moments.map((name, i) => [name, at(observed.moments[i][0]) + initial(name)])),
  };
  const results: Record<string, number> = {
    ...Object.fromEntries(moments.map((name, i) => [name, at(observed.moments[i][1]) + initial(name)])),
    w: at(observed.after),
  };
  const known = Object.entries(values).filter(([name]) => used(name));
  values.w = at(observed.before);
  values.g = at(observed.taken);
  const lines: Line[] = [
    { numbers: [["w", values.w], ["g", values.g], ...known].map(([name, value]) => `${name} = ${briefly(Number(value))}`).join(", ") },
  ];
  if ((optimizer.weight_decay ?? 0) > 0) {
    const { decay } = spec.formulas;
    const of = { w: values.w, ηλ: observed.stepSizes[observed.stepSizes.length - 1] };
    values.w = evaluate(decay, of);
    lines.push({ left: "w", numbers: `${plain(decay)} = ${filled(decay, of)}`, value: briefly(values.w) });
  }
  for (const [name, template] of rule.lines) {
    lines.push({ left: name, numbers: `${plain(template)} = ${filled(template, values)}`, value: briefly(results[name]) });
    values[name] = results[name];
  }
  return lines;
}

/** Reads a weight or a bias of layers. */
function numberAt({ layer, output, source }: NumberPlace) {
  return (layers: Observed["before"]): number => {
    const { weights, biases } = layers[layer];
    return source === null ? biases[output] : weights[(output * weights.length) / biases.length + source];
  };
}

/** The length of the gradient that is clipped together with a number. */
function normOf({ penalised }: Observed, { layer, source }: NumberPlace, clipping: string): number {
  const parts =
    clipping === "global_clipnorm"
      ? penalised.flatMap(({ weights, biases }) => [weights, biases])
      : [source === null ? penalised[layer].biases : penalised[layer].weights];
  return Math.sqrt(parts.reduce((total, part) => part.reduce((sum, g) => sum + g * g, total), 0));
}

function effectLines(reading: Reading): Line[] {
  const { observed, last, experiment } = reading;
  const [before, after] = [observed.h[last + 1], observed.outputsAfter].map((each) => reading.of(each));
  const told = (values: readonly number[]) => values.slice(0, MOST_TERMS).map(briefly).join(", ");
  const change = observed.lossAfter - observed.loss;
  return [
    { left: "p", numbers: `(${told(before)}) before, (${told(after)}) after` },
    { left: "L", numbers: `${briefly(observed.loss)} before, ${briefly(observed.lossAfter)} after (${change > 0 ? "+" : ""}${briefly(change)})` },
    ...(experiment.network.kernel_regularizer === null
      ? []
      : [{ left: "P", numbers: `${briefly(observed.penalty)} before, ${briefly(observed.penaltyAfter)} after` }]),
  ];
}

/** A formula with several cases in parentheses. */
function cases(numbers: string): string {
  return numbers.includes(" if ") ? `(${numbers})` : numbers;
}
