// What becomes of a lesson that is written. Actions carry what changes alone: two may come before the page is drawn again.

import type { Hideable, Lesson, Question } from "../lessons/lesson.ts";

export type WritingAction =
  | { readonly kind: "set"; readonly changed: Partial<Pick<Lesson, "title" | "note">> }
  | { readonly kind: "hide"; readonly part: Hideable; readonly on: boolean }
  | { readonly kind: "lock"; readonly on: boolean }
  /** Leave a path of a locked set-up open, or lock it with all that is below it. */
  | { readonly kind: "open_path"; readonly path: string; readonly on: boolean }
  | { readonly kind: "add_question" }
  | { readonly kind: "remove_question"; readonly question: number }
  | { readonly kind: "change_question"; readonly question: number; readonly change: QuestionChange };

export type QuestionChange =
  | { readonly kind: "ask"; readonly changed: Partial<Pick<Question, "text" | "explanation" | "isPrediction">> }
  | { readonly kind: "answer_by"; readonly by: Question["kind"] }
  /** Of a question that is answered by a number. */
  | { readonly kind: "number"; readonly changed: { readonly answer?: number; readonly tolerance?: number } }
  /** Of choices, from here on. */
  | { readonly kind: "set_choice"; readonly choice: number; readonly text: string }
  | { readonly kind: "set_right"; readonly choice: number }
  | { readonly kind: "add_choice" }
  | { readonly kind: "remove_choice"; readonly choice: number };

export const EMPTY: Lesson = { title: "", note: "", questions: [], hidden: [], changeable: null, tab: null };

const NEW_QUESTION: Question = { ...asked("", "", true), kind: "choice", choices: ["", ""], answer: 0 };

export function changedLesson(lesson: Lesson, action: WritingAction): Lesson {
  const { questions, hidden, changeable } = lesson;
  switch (action.kind) {
    case "set":
      return { ...lesson, ...action.changed };
    case "hide": {
      const others = hidden.filter((each) => each !== action.part);
      return { ...lesson, hidden: action.on ? [...others, action.part] : others };
    }
    case "lock":
      return { ...lesson, changeable: action.on ? ["seed"] : null };
    case "open_path": {
      const { path } = action;
      const others = (changeable ?? []).filter((each) => each !== path && !each.startsWith(`${path}.`));
      return { ...lesson, changeable: action.on ? [...others, path] : others };
    }
    case "add_question":
      return { ...lesson, questions: [...questions, { ...NEW_QUESTION, isPrediction: questions.length === 0 }] };
    case "remove_question":
      return { ...lesson, questions: questions.toSpliced(action.question, 1) };
    case "change_question": {
      const question = questions[action.question];
      if (question === undefined) return lesson;
      return { ...lesson, questions: questions.with(action.question, changedQuestion(question, action.change)) };
    }
  }
}

function changedQuestion(question: Question, change: QuestionChange): Question {
  if (change.kind === "ask") return { ...question, ...change.changed };
  if (change.kind === "answer_by") return answeredBy(question, change.by);
  if (change.kind === "number") return question.kind === "number" ? { ...question, ...change.changed } : question;
  return question.kind === "choice" ? changedChoices(question, change) : question;
}

type ByChoice = Extract<Question, { readonly kind: "choice" }>;
type ChoicesChange = Extract<QuestionChange, { readonly kind: "set_choice" | "set_right" | "add_choice" | "remove_choice" }>;

function changedChoices(question: ByChoice, change: ChoicesChange): ByChoice {
  const { choices, answer } = question;
  switch (change.kind) {
    case "set_choice":
      return { ...question, choices: choices.map((text, i) => (i === change.choice ? change.text : text)) };
    case "set_right":
      return { ...question, answer: change.choice };
    case "add_choice":
      return { ...question, choices: [...choices, ""] };
    case "remove_choice": {
      // Where the right one is removed, the one before it is right.
      const right = Math.max(0, change.choice <= answer ? answer - 1 : answer);
      return { ...question, choices: choices.toSpliced(change.choice, 1), answer: right };
    }
  }
}

function answeredBy(question: Question, kind: Question["kind"]): Question {
  if (question.kind === kind) return question;
  const same = asked(question.text, question.explanation, question.isPrediction);
  if (kind === "choice") return { ...same, kind, choices: ["", ""], answer: 0 };
  return kind === "number" ? { ...same, kind, answer: 0, tolerance: 0 } : { ...same, kind };
}

function asked(text: string, explanation: string, isPrediction: boolean) {
  return { text, explanation, isPrediction };
}
