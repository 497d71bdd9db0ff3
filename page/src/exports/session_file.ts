// A session as a file of JSON, which comes back to the last bit. What comes in is from anyone: all of it is checked.

import {
  classCount,
  counts,
  networkSizes,
  placeAfter,
  type Experiment,
  type Training,
} from "../engine/experiment.ts";
import type { Layer } from "../engine/layout.ts";
import type { Snapshot } from "../engine/stepper.ts";
import { checkLimits } from "../spec/limits.ts";
import { spec } from "../spec/schema.ts";
import { validate } from "../spec/validate.ts";
import { fromJson, isList, isTable, type Value, type ValueTable } from "../spec/values.ts";
import { canChangeInFlight } from "../state/in_flight.ts";
import type { Change } from "../state/provenance.ts";
import { readSeed, whyNoSeed } from "../state/seeds.ts";
import { newSession, type Session } from "../state/session.ts";
import { SPEEDS } from "../state/speeds.ts";
import { STOP_RULES, type StopRule } from "../state/stopping.ts";
import { fromBase64, toBase64 } from "../text/base64.ts";
import { SessionError } from "./session_error.ts";

/** Of the file's form. Another one is not read. */
export const VERSION = 2;

const FORMAT = "mlplab session";
const MOST_CHANGES = 2000;
const MOST_LEVELS = 20; // of tables and lists in each other
const SCORES = 4; // of an epoch

/** Write a session. */
export function writeSession(session: Session): string {
  const { experiment, seed, stopRule, speed, step, changes, snapshot } = session;
  const content = {
    format: FORMAT,
    version: VERSION,
    experiment,
    seed,
    stop_rule: stopRule,
    speed: speed.title,
    updates: step,
    changes: changes.map(writeChange),
    ...(snapshot === null ? {} : { network: writeSnapshot(snapshot) }),
  };
  return JSON.stringify(content);
}

function writeChange(change: Change) {
  if (change.kind === "training") return { update: change.step, training: change.after };
  return { update: change.step, ...change.place, value: change.value };
}

function writeSnapshot({ layers, firstMoment, secondMoment, history }: Snapshot) {
  const numbers = (all: readonly Layer[]) => {
    const parts = all.flatMap(({ weights, biases }) => [weights, biases]).flatMap((part) => [...part]);
    return base64Of(Float32Array.from(parts));
  };
  return {
    weights: numbers(layers),
    first_moment: numbers(firstMoment),
    second_moment: numbers(secondMoment),
    history: base64Of(history),
  };
}

function base64Of({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): string {
  return toBase64(new Uint8Array(buffer, byteOffset, byteLength));
}

/** Read a session, or refuse it by a `SessionError`. */
export function readSession(text: string): Session {
  const file = readTable(text);
  if (file["format"] !== FORMAT) return refuse("it is no session of the playground");
  if (file["version"] !== BigInt(VERSION))
    return refuse(`it is a session of version ${plain(file["version"])}, and this page reads version ${VERSION}`);
  return sessionOf(file);
}

/** Read what Python put into the page: an experiment, and what else of a session there is. */
export function readOpened(text: string): Session {
  return sessionOf(readTable(text));
}

/** The session that begins with an experiment, if the page can train it. */
export function sessionOfExperiment(experiment: Experiment): Session {
  return newSession(checked(experiment));
}

function sessionOf(file: ValueTable): Session {
  const experiment = experimentOf(file["experiment"]);
  const first = newSession(experiment);
  const most = spec.limits["updates"] as number;
  const step = wholeOf(file["updates"] ?? 0n, most, "the number of updates");
  const changes = changesOf(file["changes"] ?? [], experiment, step);
  const network = file["network"];
  return {
    ...first,
    seed: seedOf(file["seed"] ?? "0"),
    stopRule: stopRuleOf(file["stop_rule"] ?? first.stopRule),
    speed: SPEEDS.find(({ title }) => title === file["speed"]) ?? first.speed,
    step,
    changes,
    snapshot: network === undefined ? null : snapshotOf(network, experiment, changes, step),
  };
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

function isDeeper(json: unknown, levels: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return levels === 0 || Object.values(json).some((each) => isDeeper(each, levels - 1));
}

function experimentOf(value: Value | undefined): Experiment {
  if (value === undefined) return refuse("it has no experiment");
  const outcome = validate(value);
  if ("experiment" in outcome) return checked(outcome.experiment);
  const [{ path, message }] = outcome.problems;
  return refuse(`its experiment is none, ${path === "" ? "" : `${path}: `}${message}`);
}

function checked(experiment: Experiment): Experiment {
  const { dataset, training } = experiment;
  const problem = checkLimits(experiment);
  if (problem !== undefined) return refuse(problem.message);
  if (training.dtype !== "float32") return refuse(`the page trains in float32, received ${training.dtype}`);
  if (dataset.train_per_class === undefined)
    return refuse("its samples are of a file: open that file itself, and then choose the rest");
  return experiment;
}

function seedOf(value: Value): string {
  const isText = typeof value === "string" || typeof value === "bigint";
  return (isText ? readSeed(String(value)) : null) ?? refuse(whyNoSeed(plain(value)));
}

function stopRuleOf(value: Value): StopRule {
  if (typeof value === "string" && Object.hasOwn(STOP_RULES, value)) return value as StopRule;
  return refuse(`there is no stop rule ${plain(value)}`);
}

function changesOf(value: Value, experiment: Experiment, step: number): Change[] {
  if (!isList(value)) return refuse("its changes are no list");
  if (value.length > MOST_CHANGES)
    return refuse(`the page takes at most ${MOST_CHANGES} changes, received ${value.length}`);
  let [last, before] = [0, experiment.training];
  return value.map((each): Change => {
    const table = tableOf(each, "a change");
    const update = wholeOf(table["update"], step, "the update of a change");
    if (update < last) return refuse("its changes are not in their order");
    last = update;
    if (table["training"] === undefined) return { kind: "number", step: update, ...numberOf(table, experiment) };
    const after = trainingOf(table["training"], experiment);
    const change: Change = { kind: "training", step: update, before, after };
    before = after;
    return change;
  });
}

function trainingOf(value: Value, experiment: Experiment): Training {
  const changed = experimentOf({ ...(fromJson(experiment) as ValueTable), training: value });
  if (canChangeInFlight(experiment, changed)) return changed.training;
  return refuse("only learning rate, batch size and epochs can change while a network trains");
}

function numberOf(table: ValueTable, { dataset, network }: Experiment) {
  const sizes = sizesOf(dataset, network);
  const layer = wholeOf(table["layer"], sizes.length - 2, "the layer of a weight");
  const output = wholeOf(table["output"], sizes[layer + 1] - 1, "the neuron of a weight");
  const from = table["source"] ?? null;
  const source = from === null ? null : wholeOf(from, sizes[layer] - 1, "the source of a weight");
  const value = Number(table["value"]);
  const isNumber = typeof table["value"] === "number" || typeof table["value"] === "bigint";
  if (!isNumber || !Number.isFinite(Math.fround(value)))
    return refuse(`a weight is a number, received ${plain(table["value"])}`);
  return { place: { layer, output, source }, value };
}

/** How far it is follows from the updates and from what was changed. */
function snapshotOf(value: Value, experiment: Experiment, changes: readonly Change[], step: number): Snapshot {
  const table = tableOf(value, "its network");
  const sizes = sizesOf(experiment.dataset, experiment.network);
  const [samples] = counts(experiment.dataset);
  let [training, at, place] = [experiment.training, 0, { epoch: 0, used: 0 }];
  for (const change of changes) {
    if (change.kind !== "training") continue;
    place = placeAfter(place, change.step - at, samples, training.batch_size);
    [training, at] = [change.after, change.step];
  }
  place = placeAfter(place, step - at, samples, training.batch_size);
  const lines = place.epoch + (place.used > 0 ? 1 : 0);
  return {
    step,
    ...place,
    layers: layersOf(table["weights"], sizes, "weights"),
    firstMoment: layersOf(table["first_moment"], sizes, "first moments"),
    secondMoment: layersOf(table["second_moment"], sizes, "second moments"),
    history: new Float64Array(bytesOf(table["history"], 8 * SCORES * lines, "scores")),
  };
}

function sizesOf(dataset: Experiment["dataset"], network: Experiment["network"]): number[] {
  return networkSizes(network, 2, classCount(dataset));
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
  throw new SessionError(message);
}
