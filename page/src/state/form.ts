// The form of the set-up. What is entered becomes the experiment where it makes one, and else stays in its field.

import { hasTargets, type Experiment, type Training } from "../engine/experiment.ts";
import { classWeights } from "../engine/heads.ts";
import { smoothsLabels } from "../spec/losses.ts";
import { fieldNames } from "../spec/paths.ts";
import { type Field, fieldAt, firstValue, firstValues, mayBeNothing, optionalPart, partKinds } from "../spec/schema.ts";
import { type Direction, stepped } from "../spec/stepping.ts";
import { readTyped, varied, type FieldChange } from "../spec/entered.ts";
import { fromJson, type Json, type JsonTable, type Value } from "../spec/values.ts";
import { learningFrom } from "./fitted_training.ts";
import { isLacking, labelNames, type Learnt } from "./point_set.ts";

/** What is wrong in a field. */
export interface Mistake {
  /** What was entered, which the field goes on showing; null where it shows what the experiment has. */
  readonly entered: string | boolean | null;
  readonly message: string;
}

export interface Form {
  /** By the field's path. The experiment is as it was before. */
  readonly mistakes: Readonly<Record<string, Mistake>>;
  /** Which of `PER_LAYER` have a field for each hidden layer, also where all layers are alike. */
  readonly layerwise: readonly string[];
  /** Whether each class has a field for its weight, also where all weigh alike. */
  readonly weighsClasses: boolean;
  /** By the field's path: what it held in another form, for who goes back to that. */
  readonly kept: Readonly<Record<string, Json>>;
}

export const NEW_FORM: Form = { mistakes: {}, layerwise: [], weighsClasses: false, kept: {} };

/** A form, and the experiment that it describes but for its mistakes. */
interface FilledForm extends Learnt {
  readonly form: Form;
}

export type FormAction =
  | { readonly kind: "enter_field"; readonly path: string; readonly entered: string | boolean }
  | { readonly kind: "step_field"; readonly path: string; readonly direction: Direction }
  /** Of a field for a value or a part, such as a learning rate or a schedule: the part's kind; null is a value. */
  | { readonly kind: "choose_part"; readonly path: string; readonly part: string | null }
  /** Of a part that may be left out, such as early stopping: whether it is there. */
  | { readonly kind: "set_optional"; readonly path: string; readonly on: boolean }
  | { readonly kind: "set_layerwise"; readonly path: string; readonly layerwise: boolean };

/** Fields that hold one value for all hidden layers, or one for each. */
const PER_LAYER = ["network.layer_width", "network.activation", "network.dropout"];

const LOSS = "training.loss";
const LABEL_SMOOTHING = "training.label_smoothing";
export const CLASS_WEIGHT = "training.class_weight";

/** What changes while a network trains. With everything else it begins anew. */
const IN_FLIGHT = ["training.optimizer.learning_rate", "training.batch_size", "training.epochs"];

export function isInFlight(path: string): boolean {
  return IN_FLIGHT.some((each) => path === each || path.startsWith(`${each}.`));
}

export function updateForm(filled: FilledForm, action: FormAction): FilledForm {
  const { path } = action;
  const field = fieldAt(writtenOut(filled), path);
  if (field === undefined) return filled; // it has gone since
  const isWeight = path.startsWith(`${CLASS_WEIGHT}.`);
  const shown = isWeight ? { ...filled, form: { ...filled.form, weighsClasses: true } } : filled;
  const next = answered(shown, path, field, action);
  const lost = PER_LAYER.filter((each) => valueAt(next.experiment, each) === null);
  if (!smoothsLabels(next.experiment.training.loss) && smoothsLabels(filled.experiment.training.loss)) lost.push(LABEL_SMOOTHING);
  return lost.reduce((now, each) => keep(now, each, valueAt(filled.experiment, each)), next);
}

function answered(filled: FilledForm, path: string, field: Field, action: FormAction): FilledForm {
  switch (action.kind) {
    case "enter_field":
      return enter(filled, path, action.entered);
    case "step_field":
      return step(filled, path, field, action.direction);
    case "choose_part":
      return choosePart(filled, path, field, action.part);
    case "set_optional":
      return setOptional(filled, path, field, action.on);
    case "set_layerwise":
      return setLayerwise(filled, path, action.layerwise);
  }
}

/** The experiment, with a value for each hidden layer and a weight for each class where the form has fields for each. */
export function writtenOut(filled: FilledForm): Experiment {
  const { experiment, form } = filled;
  const { network, training } = experiment;
  const layers = network.hidden_layers === 0 ? [] : form.layerwise;
  const lists = layers.map((path) => [path.split(".")[1], listOf(valueAt(experiment, path), network.hidden_layers)]);
  const names = labelNames(filled);
  const isWeighted = form.weighsClasses || (training.class_weight ?? null) !== null;
  const weights = classWeights(training, names).map((weight, k) => [names[k], weight] as const);
  return {
    ...experiment,
    network: { ...network, ...(Object.fromEntries(lists) as object) },
    training: isWeighted ? { ...training, class_weight: { ...training.class_weight, ...Object.fromEntries(weights) } } : training,
  };
}

export function valueAt(experiment: Experiment, path: string): Json {
  return fieldNames(path).reduce<Json>((part, name) => (part as JsonTable)[name], experiment as unknown as Json);
}

/** The form with a mistake in a field, or with null without one. */
function withMistake(form: Form, path: string, mistake: Mistake | null): Form {
  const { [path]: _, ...others } = form.mistakes;
  return { ...form, mistakes: mistake === null ? others : { ...others, [path]: mistake } };
}

/** Take an entry. With it, what was wrong before may be right: Nesterov's variant once there is momentum. */
function enter(filled: FilledForm, path: string, entered: string | boolean): FilledForm {
  const others = Object.entries(filled.form.mistakes).filter(([other]) => other !== path);
  const all = [asked(filled, path, entered), ...others.map(([other, mistake]) => asked(filled, other, mistake.entered))];
  if (others.length > 0 && all.every((changes) => changes !== null && typeof changes !== "string")) {
    const together = changed(filled, all.flat());
    if (typeof together !== "string") return { ...filled, experiment: together, form: { ...filled.form, mistakes: {} } };
  }
  const taken = take(filled, path, entered);
  if (path in taken.form.mistakes) return taken;
  return others.reduce((now, [other, mistake]) => take(now, other, mistake.entered), taken);
}

/** Take an entry by itself: into the experiment, or as the field's mistake. */
function take(filled: FilledForm, path: string, entered: Mistake["entered"]): FilledForm {
  const changes = asked(filled, path, entered);
  if (changes === null) return { ...filled, form: withMistake(filled.form, path, null) };
  const outcome = typeof changes === "string" ? changes : changed(filled, changes);
  const mistake = typeof outcome === "string" ? { entered, message: outcome } : null;
  const form = withMistake(filled.form, path, mistake);
  return typeof outcome === "string" ? { ...filled, form } : { ...filled, experiment: outcome, form };
}

/** The experiment with other values, if there is one. Weights of classes that go with a dataset go, too. */
function changed(filled: FilledForm, changes: readonly FieldChange[]): Experiment | string {
  const before = writtenOut(filled);
  const own = filled.ownPoints.set === null || isLacking(filled) ? null : labelNames(filled);
  const outcome = varied(before, changes, own);
  const { class_weight: weights = null } = before.training;
  const isOfData = changes.some(([path]) => path.startsWith("dataset."));
  if (typeof outcome !== "string" || weights === null || !isOfData) return outcome;
  const unweighted = varied(before, [...changes, [CLASS_WEIGHT, null]], own);
  if (typeof unweighted === "string") return outcome;
  const names = labelNames({ ...filled, experiment: unweighted });
  const left = Object.entries(weights).filter(([name]) => names.includes(name));
  return varied(unweighted, [[CLASS_WEIGHT, Object.fromEntries(left)]], own);
}

/** The changes that an entry asks for; a sentence if it is no value of the field; null if there is none of the two. */
function asked(filled: FilledForm, path: string, entered: Mistake["entered"]): readonly FieldChange[] | string | null {
  const field = fieldAt(writtenOut(filled), path);
  if (field === undefined || entered === null) return null;
  const [name] = path.startsWith(`${CLASS_WEIGHT}.`) ? fieldNames(path).slice(-1) : [];
  if (name !== undefined && !labelNames(filled).includes(name)) return null; // the class has gone since
  if (typeof entered === "boolean") return [[path, entered]];
  const typed = readTyped(entered, field);
  if ("message" in typed) return typed.message;
  if (path === LOSS) return withLoss(filled, typed.value);
  if (path === "dataset.kind") return withDataset(filled, typed.value);
  return path === "network.hidden_layers" ? withLayers(filled, typed.value) : [[path, typed.value]];
}

/** A loss with as much smoothing of labels as it takes: none, or what there was before. */
function withLoss({ experiment, form }: FilledForm, loss: Value): readonly FieldChange[] {
  const change: FieldChange = [LOSS, loss];
  const isSmoothed = smoothsLabels(String(loss));
  if (isSmoothed === smoothsLabels(experiment.training.loss)) return [change];
  return [change, [LABEL_SMOOTHING, isSmoothed ? ((form.kept[LABEL_SMOOTHING] as number | undefined) ?? 0) : 0]];
}

/** A kind of dataset, with a training for classes or for a target where it has the other. */
function withDataset({ experiment }: FilledForm, kind: Value): readonly FieldChange[] {
  const change: FieldChange = ["dataset.kind", kind];
  const field = partKinds(fieldAt(experiment, "dataset") as Field).get(String(kind));
  const ofTargets = field?.properties?.["train_samples"] !== undefined;
  if (ofTargets === hasTargets(experiment.dataset)) return [change];
  const { training } = learningFrom(experiment.training, ofTargets);
  const fields = Object.entries(training).filter(([name, value]) => value !== experiment.training[name as keyof Training]);
  return [change, ...fields.map(([name, value]): FieldChange => [`training.${name}`, fromJson(value as Json)])];
}

/** So many hidden layers, with as many widths and activations as there must be. */
function withLayers(filled: FilledForm, layers: Value): readonly FieldChange[] {
  const experiment = writtenOut(filled);
  const change: FieldChange = ["network.hidden_layers", layers];
  if (layers === 0n) return [change];
  const values = PER_LAYER.map((path): FieldChange => {
    const first = filled.form.kept[path] ?? firstValue(fieldAt(experiment, path) as Field);
    const value = valueAt(experiment, path) ?? first;
    return [path, fromJson(Array.isArray(value) ? listOf(value, Number(layers)) : value)];
  });
  return [change, ...values];
}

/** One step from what the field shows, if that is a number, else from what the experiment has. */
function step(filled: FilledForm, path: string, field: Field, direction: Direction): FilledForm {
  const entered = filled.form.mistakes[path]?.entered;
  const typed = typeof entered === "string" ? readTyped(entered, field) : { message: "" };
  const value = Number("value" in typed ? typed.value : valueAt(writtenOut(filled), path));
  const next = stepped(field, value, direction);
  return next === value ? filled : enter(filled, path, String(next));
}

function choosePart(filled: FilledForm, path: string, field: Field, part: string | null): FilledForm {
  const before = valueAt(filled.experiment, path);
  const kept = filled.form.kept[path];
  if (part === null && mayBeNothing(field)) return exchange(filled, path, null);
  if (part === null) {
    const rate = (before as JsonTable)["initial_learning_rate"];
    return exchange(filled, path, kept ?? rate ?? firstValue(field));
  }
  if (before !== null && typeof before !== "number") return enter(filled, `${path}.kind`, part);
  if ((kept as JsonTable | undefined)?.["kind"] === part) return exchange(filled, path, kept);
  const first = firstValues(partKinds(field).get(part) as Field);
  // The schedule begins with the rate that there is.
  return exchange(filled, path, "initial_learning_rate" in first ? { ...first, initial_learning_rate: before } : first);
}

/** Begin with what the part held when it was left out, else with its first values. */
function setOptional(filled: FilledForm, path: string, field: Field, on: boolean): FilledForm {
  const first = filled.form.kept[path] ?? firstValues(optionalPart(field) ?? {});
  if (path !== CLASS_WEIGHT) return exchange(filled, path, on ? first : null);
  const names = labelNames(filled);
  const left = Object.fromEntries(Object.entries(first as JsonTable).filter(([name]) => names.includes(name)));
  const next = exchange(filled, path, on ? left : null);
  return path in next.form.mistakes ? next : { ...next, form: { ...next.form, weighsClasses: on } };
}

function setLayerwise(filled: FilledForm, path: string, layerwise: boolean): FilledForm {
  const others = filled.form.layerwise.filter((each) => each !== path);
  const { hidden_layers: layers } = filled.experiment.network;
  const before = valueAt(writtenOut(filled), path);
  const kept = filled.form.kept[path];
  const one = Array.isArray(kept) || kept === undefined ? listOf(before, 1)[0] : kept;
  const list = listOf(Array.isArray(kept) ? kept : before, layers);
  const next = exchange(filled, path, layerwise ? list : one);
  if (path in next.form.mistakes) return next;
  return { ...next, form: { ...next.form, layerwise: layerwise ? [...others, path] : others } };
}

/** Put another form of a field's value in its place, and keep the one that was there. */
function exchange(filled: FilledForm, path: string, value: Json): FilledForm {
  const outcome = changed(filled, [[path, fromJson(value)]]);
  if (typeof outcome === "string")
    return { ...filled, form: withMistake(filled.form, path, { entered: null, message: outcome }) };
  const next = { ...filled, experiment: outcome, form: withMistake(filled.form, path, null) };
  return keep(next, path, valueAt(writtenOut(filled), path));
}

function keep(filled: FilledForm, path: string, value: Json): FilledForm {
  if (value === null) return filled;
  return { ...filled, form: { ...filled.form, kept: { ...filled.form.kept, [path]: value } } };
}

/** A value for each layer: the list that there is, continued by its last one, or one value for all. */
function listOf(value: Json, layers: number): readonly Json[] {
  const list = Array.isArray(value) ? value : [value];
  return Array.from({ length: layers }, (_, i) => list[Math.min(i, list.length - 1)]);
}
