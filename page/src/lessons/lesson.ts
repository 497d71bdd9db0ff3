// A lesson: what to read, questions to answer, and what of the page it hides and locks.
//
// It guides, and keeps no secret: the answers are in the link, and whoever leaves the lesson has all controls.

import { lesson as table } from "../spec/spec.json";
import type { Tab } from "../state/state.ts";

interface Asked {
  /** In the markup of `markup.ts`, as is the explanation. */
  readonly text: string;
  /** Why the answer is what it is. */
  readonly explanation: string;
  /** Whether it is asked before one tries: then what is answered is kept, and not judged. */
  readonly isPrediction: boolean;
}

export type Question = Asked &
  (
    | { readonly kind: "choice"; readonly choices: readonly string[]; /** Index of the right one. */ readonly answer: number }
    | { readonly kind: "number"; readonly answer: number; /** So far off is right, too. */ readonly tolerance: number }
    | { readonly kind: "open" }
  );

export interface Lesson {
  readonly title: string;
  /** In the markup of `markup.ts`. */
  readonly note: string;
  readonly questions: readonly Question[];
  readonly hidden: readonly Hideable[];
  /** Paths of what may be changed, each with all that is below it; null if everything may be. */
  readonly changeable: readonly string[] | null;
  /** The tab that it begins with; null for the one that is open. */
  readonly tab: Tab | null;
}

/** What was answered to a question. */
export interface Answer {
  /** The index of a choice, or what was typed; null if nothing yet. */
  readonly given: number | string | null;
  /** Whether the right answer and its explanation are shown. */
  readonly isShown: boolean;
}

/** The most that a lesson may have, and of what is typed as an answer: characters, but for questions, choices and paths. */
export const MOST = { ...table.most, given: 2000 };

/** Choices that a question has, if any. */
export const FEWEST_CHOICES = table.fewest_choices;

const PATH = new RegExp(`^(${table.path})$`);

/** What its author reads of the parts of the page that a lesson may hide. What is hidden is locked, too. */
export const PARTS = {
  presets: "presets",
  speed: "speed",
  seed: "seed",
  files: "files and links",
  "setup.dataset": "set-up of the data",
  "setup.network": "set-up of the network",
  "setup.training": "set-up of the training",
  scores: "scores",
  diagram: "network",
  curves: "curves",
  own_points: "own points",
} as const;

/** What its author reads of the tabs; each can be hidden. */
export const TABS: Readonly<Record<Tab, string>> = {
  answers: "Confusion, or Predicted",
  step: "Step",
  why: "Why",
  hidden: "Hidden",
  weights: "Weights",
  loss: "Loss",
  runs: "Runs",
  provenance: "Changes",
  line: "Task 3",
};

export type Hideable = keyof typeof PARTS | `tab.${Tab}`;

export const HIDEABLE: ReadonlyMap<Hideable, string> = new Map<Hideable, string>([
  ...(Object.entries(PARTS) as [keyof typeof PARTS, string][]),
  ...(Object.entries(TABS) as [Tab, string][]).map(([tab, name]) => [`tab.${tab}`, `tab ${name}`] as const),
]);

export function isTab(name: unknown): name is Tab {
  return typeof name === "string" && Object.hasOwn(TABS, name);
}

/** Whether this is a path of what may be changed: of an experiment, or `seed`, or `stop_rule`. */
export function isPath(text: string): boolean {
  return PATH.test(text);
}

export const NO_ANSWER: Answer = { given: null, isShown: false };

/** Whether an answer is right; null where nothing is judged. */
export function isRight(question: Question, given: Answer["given"]): boolean | null {
  if (given === null || question.isPrediction || question.kind === "open") return null;
  if (question.kind === "choice") return given === question.answer;
  const typed = readNumber(String(given));
  const rounding = 1e-9 * Math.max(1, Math.abs(question.answer)); // of 0.3 - 0.1, say
  return typed !== null && Math.abs(typed - question.answer) <= question.tolerance + rounding;
}

/** A number as a student types it: with a point or a comma, with or without a per cent sign; null if it is none. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace("−", "-").replace(",", ".").replace(/\s*%$/, "");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : null;
}
