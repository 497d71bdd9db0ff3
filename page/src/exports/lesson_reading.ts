// Reads the lesson of a session, which may be from anyone: all of it is checked.

import {
  type Answer,
  FEWEST_CHOICES,
  HIDEABLE,
  type Hideable,
  isPath,
  isTab,
  type Lesson,
  MOST,
  NO_ANSWER,
  type Question,
} from "../lessons/lesson.ts";
import { isList, isTable, type Value, type ValueTable } from "../spec/values.ts";
import { Refusal } from "../text/refusal.ts";

const KNOWN = ["title", "note", "questions", "hidden", "changeable", "tab"];
const KNOWN_OF_QUESTION = ["text", "explanation", "prediction", "choices", "answer", "tolerance"];

/** Read a lesson, or refuse it by a `Refusal`. */
export function readLesson(value: Value): Lesson {
  const table = tableOf(value, "its lesson", KNOWN);
  const questions = listOf(table["questions"] ?? [], "the questions of its lesson", MOST.questions);
  const { changeable, tab } = table;
  if (tab !== undefined && !isTab(tab)) return refuse(`its lesson begins with a tab ${plain(tab)}, which there is none of`);
  return {
    title: textOf(table["title"], "the title of its lesson", MOST.title),
    note: textOf(table["note"] ?? "", "the note of its lesson", MOST.note),
    questions: questions.map(readQuestion),
    hidden: [...new Set(listOf(table["hidden"] ?? [], "what its lesson hides", HIDEABLE.size).map(hideableOf))],
    changeable:
      changeable === undefined ? null : listOf(changeable, "what its lesson leaves to be changed", MOST.changeable).map(pathOf),
    tab: tab ?? null,
  };
}

function readQuestion(value: Value, i: number): Question {
  const what = `question ${i + 1} of its lesson`;
  const table = tableOf(value, what, KNOWN_OF_QUESTION);
  const { choices, answer, tolerance, prediction = false } = table;
  if (typeof prediction !== "boolean") return refuse(`whether ${what} is a prediction is true or false, received ${plain(prediction)}`);
  const asked = {
    text: textOf(table["text"], `the text of ${what}`, MOST.text),
    explanation: textOf(table["explanation"] ?? "", `the explanation of ${what}`, MOST.explanation),
    isPrediction: prediction,
  };
  if (choices !== undefined) {
    const texts = listOf(choices, `the choices of ${what}`, MOST.choices).map((each) => textOf(each, `a choice of ${what}`, MOST.choice));
    if (texts.length < FEWEST_CHOICES) return refuse(`${what} has ${texts.length} choices, and it takes ${FEWEST_CHOICES} at least`);
    return { ...asked, kind: "choice", choices: texts, answer: indexOf(answer, texts.length, `the answer to ${what}`) };
  }
  if (answer === undefined && tolerance === undefined) return { ...asked, kind: "open" };
  const allowed = numberOf(tolerance ?? 0n, `the tolerance of ${what}`);
  if (allowed < 0) return refuse(`the tolerance of ${what} is negative`);
  return { ...asked, kind: "number", answer: numberOf(answer, `the answer to ${what}`), tolerance: allowed };
}

/** What was answered to each question of a lesson. */
export function readAnswers(value: Value | undefined, { questions }: Lesson): Answer[] {
  const all = value === undefined ? [] : listOf(value, "its answers", MOST.questions);
  if (all.length > 0 && all.length !== questions.length)
    return refuse(`its answers are ${all.length}, and its lesson asks ${questions.length}`);
  return questions.map((question, i) => (i < all.length ? answerOf(all[i], question, i) : NO_ANSWER));
}

function answerOf(value: Value, question: Question, i: number): Answer {
  const what = `answer ${i + 1}`;
  const { given, shown = false } = tableOf(value, what, ["given", "shown"]);
  if (typeof shown !== "boolean") return refuse(`whether ${what} is shown is true or false, received ${plain(shown)}`);
  if (given === undefined) return { given: null, isShown: shown };
  if (question.kind === "choice") return { given: indexOf(given, question.choices.length, what), isShown: shown };
  return { given: textOf(given, what, MOST.given), isShown: shown };
}

function hideableOf(value: Value): Hideable {
  if (typeof value === "string" && (HIDEABLE as ReadonlyMap<string, string>).has(value)) return value as Hideable;
  return refuse(`its lesson hides ${plain(value)}, which this page has nothing of`);
}

function pathOf(value: Value): string {
  if (typeof value === "string" && isPath(value)) return value;
  return refuse(`what its lesson leaves to be changed is a path such as training.batch_size, received ${plain(value)}`);
}

function tableOf(value: Value, what: string, known: readonly string[]): ValueTable {
  if (!isTable(value)) return refuse(`${what} is no table`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  return unknown === undefined ? value : refuse(`${what} has ${plain(unknown)}, which is unknown; known are ${known.join(", ")}`);
}

function listOf(value: Value, what: string, most: number): readonly Value[] {
  if (!isList(value)) return refuse(`${what} are no list`);
  return value.length <= most ? value : refuse(`${what} are ${value.length}, and the page takes at most ${most}`);
}

function textOf(value: Value | undefined, what: string, most: number): string {
  if (typeof value !== "string") return refuse(`${what} is a text, received ${plain(value)}`);
  if (value.length > most) return refuse(`${what} has ${value.length} characters, and the page takes at most ${most}`);
  return value.replace(/\p{Surrogate}/gu, "\ufffd");
}

function indexOf(value: Value | undefined, count: number, what: string): number {
  if (typeof value === "bigint" && value >= 0n && value < BigInt(count)) return Number(value);
  return refuse(`${what} is the number of a choice from 0 to ${count - 1}, received ${plain(value)}`);
}

function numberOf(value: Value | undefined, what: string): number {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  return isNumber && Number.isFinite(Number(value)) ? Number(value) : refuse(`${what} is a number, received ${plain(value)}`);
}

function plain(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value !== "object") return String(value).slice(0, 40);
  return isList(value) ? "a list" : "a table";
}

function refuse(message: string): never {
  throw new Refusal(message);
}
