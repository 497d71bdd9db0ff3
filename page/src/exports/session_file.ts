// A session as a file of JSON, which `session_reading.ts` reads to the last bit.

import type { Layer } from "../engine/layout.ts";
import type { Snapshot } from "../engine/stepper.ts";
import type { Change } from "../state/provenance.ts";
import type { Session } from "../state/session.ts";
import { toBase64 } from "../text/base64.ts";
import { writeAnswers, writeLesson } from "./lesson_file.ts";

export const FORMAT = "mlplab session";

/** Of the file's form. */
export const VERSION = 2;

/** Of a file with a lesson: a page that knows no lessons refuses it, and does not show it without its questions. */
export const LESSON_VERSION = 3;

/** Other ones are not read. */
export const VERSIONS: readonly number[] = [VERSION, LESSON_VERSION];

export function versionOf({ lesson }: Session): number {
  return lesson === null ? VERSION : LESSON_VERSION;
}

export function writeSession(session: Session): string {
  const { experiment, seed, stopRule, speed, step, changes, snapshot, points, lesson, answers } = session;
  const content = {
    format: FORMAT,
    version: versionOf(session),
    experiment,
    seed,
    stop_rule: stopRule,
    speed: speed.title,
    updates: step,
    changes: changes.map(writeChange),
    points: points?.points.map(({ x1, x2, label, split }) => [x1, x2, label, split]),
    plane: points?.plane.extent,
    lesson: lesson === null ? undefined : writeLesson(lesson),
    answers: writeAnswers(answers),
    network: snapshot === null ? undefined : writeSnapshot(snapshot),
  };
  return JSON.stringify(content);
}

function writeChange(change: Change) {
  const { step: update } = change;
  if (change.kind === "training") return { update, training: change.after };
  if (change.kind === "number") return { update, ...change.place, value: change.value };
  const { layer, weights, biases } = change;
  return { update, layer, weights, biases };
}

function writeSnapshot({ layers, firstMoment, secondMoment, history, watched, best }: Snapshot) {
  const numbers = (all: readonly Layer[]) => {
    const parts = all.flatMap(({ weights, biases }) => [weights, biases]).flatMap((part) => [...part]);
    return base64Of(Float32Array.from(parts));
  };
  return {
    weights: numbers(layers),
    first_moment: numbers(firstMoment),
    second_moment: numbers(secondMoment),
    history: base64Of(history),
    watched: base64Of(watched),
    best: best === null ? undefined : numbers(best),
  };
}

function base64Of({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): string {
  return toBase64(new Uint8Array(buffer, byteOffset, byteLength));
}
