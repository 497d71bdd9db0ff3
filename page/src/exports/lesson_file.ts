// A lesson as a part of a session's file, which `lesson_reading.ts` reads.

import type { Answer, Lesson, Question } from "../lessons/lesson.ts";

export function writeLesson({ title, note, questions, hidden, changeable, tab }: Lesson) {
  return {
    title,
    note,
    questions: questions.map(writeQuestion),
    hidden: hidden.length === 0 ? undefined : hidden,
    changeable: changeable ?? undefined,
    tab: tab ?? undefined,
  };
}

function writeQuestion(question: Question) {
  const { text, explanation, isPrediction } = question;
  const asked = { text, explanation, prediction: isPrediction || undefined };
  if (question.kind === "choice") return { ...asked, choices: question.choices, answer: question.answer };
  if (question.kind === "number") return { ...asked, answer: question.answer, tolerance: question.tolerance };
  return asked;
}

/** What was answered; nothing where nothing was. */
export function writeAnswers(answers: readonly Answer[]) {
  const isAny = answers.some(({ given, isShown }) => given !== null || isShown);
  return isAny ? answers.map(({ given, isShown }) => ({ given: given ?? undefined, shown: isShown || undefined })) : undefined;
}
