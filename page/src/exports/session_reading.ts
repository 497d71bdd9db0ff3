// Reads sessions. What comes in may be from anyone: all of it is checked, as if it were typed.

import { Refusal } from "../text/refusal.ts";
import { checkClasses, checkCoordinate, checkNumber } from "../data/reading.ts";
import { classCount, counts, hasTargets, isDrawn, networkSizes, type Experiment, type Training, SPLITS, WATCHED } from "../engine/experiment.ts";
import { outputsFor } from "../engine/heads.ts";
import type { Layer } from "../engine/layout.ts";
import { scoresOf } from "../engine/options.ts";
import type { Snapshot } from "../engine/stepper.ts";
import { whyNotOf } from "../spec/rules.ts";
import { checkLimits } from "../spec/limits.ts";
import { spec } from "../spec/schema.ts";
import { validate } from "../spec/validate.ts";
import { fromJson, isDeeper, isList, isTable, type JsonTable, type Value, type ValueTable } from "../spec/values.ts";
import { canChangeInFlight } from "../state/training.ts";
import { isOwn, OWN_DATASET, pointSet, type PointSet } from "../state/point_set.ts";
import type { Change } from "../state/provenance.ts";
import { readSeed, whyNoSeed } from "../state/seeds.ts";
import { newSession, type Session } from "../state/session.ts";
import { SPEEDS } from "../state/speeds.ts";
import { STOP_RULES, type StopRule } from "../state/stopping.ts";
import { fromBase64 } from "../text/base64.ts";
import type { Extent, ByHand } from "../worker/messages.ts";
import { placeAt, segmentsOf } from "../worker/rates.ts";
import { squareAround } from "../worker/plane.ts";
import type { Sample } from "../data/splits.ts";
import { readAnswers, readLesson } from "./lesson_reading.ts";
import { FORMAT, VERSIONS } from "./session_file.ts";

const MOST_CHANGES = 5000;
const MOST_LEVELS = 20; // of tables and lists in each other

/** What is trained: an experiment, with what follows from it and from own points. */
interface Subject {
  readonly experiment: Experiment;
  readonly points: PointSet | null;
  /** Inputs, the neurons of each hidden layer, outputs. */
  readonly sizes: readonly number[];
  readonly trainingSamples: number;
}

/** Read a session, or refuse it by a `Refusal`. */
export function readSession(text: string): Session {
  const file = readTable(text);
  if (file["format"] !== FORMAT) return refuse("it is no session of the playground");
  if (!VERSIONS.some((version) => file["version"] === BigInt(version)))
    return refuse(`it is a session of version ${plain(file["version"])}, and this page reads ${readVersions()}`);
  return sessionOf(file);
}

/** The versions that the page reads, in words. */
export function readVersions(): string {
  return `versions ${VERSIONS.join(" and ")}`;
}

/** Read what Python put into the page: an experiment, and what else of a session there is. */
export function readOpened(text: string): Session {
  return sessionOf(readTable(text));
}

/** The session that begins with an experiment, if the page can train it. */
export function sessionOfExperiment(experiment: Experiment): Session {
  return newSession(checked(experiment, null));
}

function sessionOf(file: ValueTable): Session {
  const subject = subjectOf(file);
  const first = newSession(subject.experiment);
  const step = wholeOf(file["updates"] ?? 0n, spec.limits["updates"] as number, "the number of updates");
  const changes = changesOf(file["changes"] ?? [], subject, step);
  const { network, lesson: given } = file;
  const lesson = given === undefined ? null : readLesson(given);
  return {
    seed: seedOf(file["seed"] ?? first.seed),
    stopRule: stopRuleOf(file["stop_rule"] ?? first.stopRule, subject.experiment),
    speed: SPEEDS.find(({ title }) => title === file["speed"]) ?? first.speed,
    experiment: subject.experiment,
    step,
    changes,
    snapshot: network === undefined ? null : snapshotOf(network, subject, changes, step),
    points: subject.points,
    lesson,
    answers: lesson === null ? [] : readAnswers(file["answers"], lesson),
  };
}

function subjectOf(file: ValueTable): Subject {
  const given = file["points"];
  const points = given === undefined ? null : pointsOf(given, file["plane"]);
  const experiment = experimentOf(file["experiment"], points);
  const classes = points === null ? classCount(experiment.dataset) : points.classes.length;
  const [drawn] = counts(experiment.dataset);
  return {
    experiment,
    points,
    sizes: networkSizes(experiment.network, 2, outputsFor(experiment.training, classes, Number(hasTargets(experiment.dataset)))),
    trainingSamples: points === null ? drawn : points.points.filter(({ split }) => split === "train").length,
  };
}

/** Own points on their square of the plane: without one, on the square around them. */
function pointsOf(value: Value, plane: Value | undefined): PointSet {
  if (!isList(value)) return refuse("its points are no list");
  checkNumber(value.length);
  const samples = value.map(sampleOf);
  const around = () => squareAround([samples.flatMap(({ x1, x2 }) => [x1, x2])]);
  const set = pointSet(samples, [], plane === undefined && samples.length > 0 ? around() : extentOf(plane));
  checkClasses(set.classes.length);
  // As in a file of points, " a" and "a" are one class, of one name.
  const { y } = set.samples;
  const named = samples.map((sample, i) => ({ ...sample, label: set.classes[y[i]] }));
  return pointSet(named, [], set.plane.extent);
}

function sampleOf(value: Value): Sample {
  const [x1, x2, label, split] = listOf(value);
  const known = SPLITS.find((name) => name === split);
  if (typeof label !== "string" || known === undefined) return refuse("a point has two numbers, a class and a split");
  const [first, second] = [numberOf(x1, "a coordinate"), numberOf(x2, "a coordinate")];
  checkCoordinate(first);
  checkCoordinate(second);
  return { x1: first, x2: second, label: label.replace(/\p{Surrogate}/gu, "\ufffd"), split: known };
}

function readTable(text: string): ValueTable {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse("it is damaged or cut off");
  }
  if (isDeeper(json, MOST_LEVELS)) return refuse("it is damaged: too much lies in each other");
  return tableOf(fromJson(json), "it");
}

function extentOf(value: Value | undefined): Extent {
  const [left, right, bottom, top] = listOf(value).map((each) => numberOf(each, "a coordinate"));
  if (left < right && bottom < top) return [left, right, bottom, top];
  return refuse("the square of its plane is none");
}

function experimentOf(value: Value | undefined, points: PointSet | null): Experiment {
  if (value === undefined) return refuse("it has no experiment");
  return checked(validate(value), points);
}

function checked(experiment: Experiment, points: PointSet | null): Experiment {
  const { dataset } = experiment;
  const excess = checkLimits(experiment);
  if (excess !== null) return refuse(excess);
  if (points !== null && isOwn(experiment)) {
    const { classes, missing } = points;
    const training = experiment.training as unknown as JsonTable;
    const why = missing === "" ? whyNotOf(classes.length, training, classes) : null;
    return why === null ? { ...experiment, dataset: OWN_DATASET } : refuse(why);
  }
  if (points !== null) return refuse(`its points are not of the dataset ${dataset.kind}`);
  if (!isDrawn(dataset))
    return refuse("its samples are of a file: open that file itself, and then choose the rest");
  return experiment;
}

function seedOf(value: Value): string {
  const isText = typeof value === "string" || typeof value === "bigint";
  return (isText ? readSeed(String(value)) : null) ?? refuse(`its seed is none: ${whyNoSeed(plain(value))}`);
}

function stopRuleOf(value: Value, { dataset }: Experiment): StopRule {
  if (value === "accuracy" && hasTargets(dataset)) return refuse("its stop rule is of an accuracy, and its samples have a target");
  if (typeof value === "string" && Object.hasOwn(STOP_RULES, value)) return value as StopRule;
  return refuse(`there is no stop rule ${plain(value)}`);
}

function changesOf(value: Value, subject: Subject, step: number): Change[] {
  if (!isList(value)) return refuse("its changes are no list");
  if (value.length > MOST_CHANGES)
    return refuse(`the page takes at most ${MOST_CHANGES} changes, received ${value.length}`);
  let [last, before] = [0, subject.experiment.training];
  return value.map((each): Change => {
    const table = tableOf(each, "a change");
    const update = wholeOf(table["update"], step, "the update of a change");
    if (update < last) return refuse("its changes are not in their order");
    last = update;
    if (table["training"] === undefined) return { step: update, ...byHandOf(table, subject) };
    const change = { step: update, before, after: trainingOf(table["training"], subject) };
    before = change.after;
    return { kind: "training", ...change };
  });
}

function trainingOf(value: Value, { experiment, points }: Subject): Training {
  const changed = experimentOf({ ...(fromJson(experiment) as ValueTable), training: value }, points);
  if (canChangeInFlight(experiment, changed)) return changed.training;
  return refuse("only learning rate, batch size and epochs can change while a network trains");
}

function byHandOf(table: ValueTable, { sizes }: Subject): ByHand {
  const layer = wholeOf(table["layer"], sizes.length - 2, "the layer of a weight");
  const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
  if (table["weights"] !== undefined) {
    const weights = numbersOf(table["weights"], inputs * outputs);
    return { kind: "weights", layer, weights, biases: numbersOf(table["biases"], outputs) };
  }
  const output = wholeOf(table["output"], outputs - 1, "the neuron of a weight");
  const from = table["source"] ?? null;
  const source = from === null ? null : wholeOf(from, inputs - 1, "the source of a weight");
  return { kind: "number", place: { layer, output, source }, value: numberOf(table["value"], "a weight") };
}

function numbersOf(value: Value | undefined, count: number): number[] {
  const list = listOf(value);
  if (list.length === count) return list.map((each) => numberOf(each, "a weight"));
  return refuse(`the weights of a layer are a list of ${count} numbers`);
}

/** A number within float32's range. */
function numberOf(value: Value | undefined, what: string): number {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (isNumber && Number.isFinite(Math.fround(Number(value)))) return Number(value);
  return refuse(`${what} is a number, received ${plain(value)}`);
}

/** How far it is follows from the updates and from what was changed. */
function snapshotOf(value: Value, subject: Subject, changes: readonly Change[], step: number): Snapshot {
  const table = tableOf(value, "its network");
  const { experiment, sizes, trainingSamples: samples } = subject;
  const segments = segmentsOf(experiment.training, changes, samples);
  const place = placeAt(segments[segments.length - 1], step, samples);
  const lines = place.epoch + (place.used > 0 ? 1 : 0);
  const restores = experiment.training.early_stopping?.restore_best_weights;
  return {
    step,
    ...place,
    layers: layersOf(table["weights"], sizes, "weights"),
    firstMoment: layersOf(table["first_moment"], sizes, "first moments"),
    secondMoment: layersOf(table["second_moment"], sizes, "second moments"),
    history: new Float64Array(bytesOf(table["history"], 8 * scoresOf(experiment) * lines, "scores")),
    watched: new Float64Array(bytesOf(table["watched"], 8 * WATCHED, "watched numbers")),
    best: restores ? layersOf(table["best"], sizes, "best weights") : null,
  };
}

function layersOf(value: Value | undefined, sizes: readonly number[], what: string): Layer[] {
  const shapes = sizes.slice(1).map((outputs, i) => [outputs * sizes[i], outputs] as const);
  const all = shapes.reduce((sum, [weights, biases]) => sum + weights + biases, 0);
  const numbers = new Float32Array(bytesOf(value, 4 * all, what));
  let at = 0;
  const take = (count: number) => numbers.slice(at, (at += count));
  return shapes.map(([weights, biases]) => ({ weights: take(weights), biases: take(biases) }));
}

function bytesOf(value: Value | undefined, length: number, what: string): ArrayBuffer {
  const bytes = typeof value === "string" ? fromBase64(value) : null;
  if (bytes === null) return refuse(`its ${what} are damaged`);
  if (bytes.length === length) return bytes.buffer;
  return refuse(`its ${what} are of another network: expected ${length} bytes, received ${bytes.length}`);
}

function wholeOf(value: Value | undefined, most: number, what: string): number {
  if (typeof value === "bigint" && value >= 0n && value <= BigInt(most)) return Number(value);
  return refuse(`${what} is a whole number from 0 to ${most}, received ${plain(value)}`);
}

/** A list; an empty one where there is none. */
function listOf(value: Value | undefined): readonly Value[] {
  return value !== undefined && isList(value) ? value : [];
}

function tableOf(value: Value, what: string): ValueTable {
  return isTable(value) ? value : refuse(`${what} is no table`);
}

/** What came, short enough for a sentence. */
function plain(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value !== "object") return String(value).slice(0, 40);
  return isList(value) ? "a list" : "a table";
}

function refuse(message: string): never {
  throw new Refusal(message);
}
