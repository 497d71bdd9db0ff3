// The lesson that is gone through or written: what was answered, and what it hides and locks now.

import { type Answer, type Hideable, isRight, type Lesson, NO_ANSWER } from "../lessons/lesson.ts";
import { isLocked, isOpenBelow, lockedDifference, OWN_POINTS, pathInWords, SEED, STOP_RULE } from "../lessons/locks.ts";
import type { Session } from "./session.ts";
import { changedLesson, EMPTY, type WritingAction } from "./lesson_writing.ts";
import type { State } from "./state.ts";

/**
 * Who looks at the lesson: a student who goes through it, a student who has left it, its author who writes it, or its
 * author who looks at it as a student.
 */
export type LessonMode = "student" | "left" | "editing" | "preview";

export interface LessonState {
  readonly lesson: Lesson | null;
  /** One to each question. */
  readonly answers: readonly Answer[];
  readonly mode: LessonMode;
  /** What the lesson began with, to begin it again; null of a lesson that is being written. */
  readonly opened: Session | null;
}

export const NO_LESSON: LessonState = { lesson: null, answers: [], mode: "student", opened: null };

export type LessonAction =
  | { readonly kind: "answer"; readonly question: number; readonly given: number | string }
  | { readonly kind: "show_answer"; readonly question: number }
  /** Unlock and show everything. */
  | { readonly kind: "leave" }
  /** Write the lesson that there is, or a new one. */
  | { readonly kind: "edit"; readonly isNew: boolean }
  | { readonly kind: "write"; readonly act: WritingAction }
  | { readonly kind: "preview"; readonly isOn: boolean }
  | { readonly kind: "stop_editing" };

export function updateLesson(state: State, action: LessonAction): State {
  const { lesson: now } = state;
  const put = (changed: Partial<LessonState>): State => ({ ...state, lesson: { ...now, ...changed } });
  switch (action.kind) {
    case "answer": {
      const question = now.lesson?.questions[action.question];
      if (question === undefined) return state;
      const { isShown } = now.answers[action.question];
      const isKnown = isShown || isRight(question, action.given) === true;
      return put({ answers: now.answers.with(action.question, { given: action.given, isShown: isKnown }) });
    }
    case "show_answer": {
      const answer = now.answers[action.question];
      return answer === undefined ? state : put({ answers: now.answers.with(action.question, { ...answer, isShown: true }) });
    }
    case "leave":
      return now.lesson === null ? state : put({ mode: "left" });
    case "edit":
      return put({ ...written(action.isNew ? EMPTY : (now.lesson ?? EMPTY)), mode: "editing" });
    case "write":
      return now.lesson === null ? state : put(written(changedLesson(now.lesson, action.act)));
    case "preview":
      return now.lesson === null ? state : put({ ...written(now.lesson), mode: action.isOn ? "preview" : "editing" });
    case "stop_editing":
      return put(NO_LESSON);
  }
}

/** A lesson that nothing was answered to. */
function written(lesson: Lesson): Partial<LessonState> {
  return { lesson, answers: lesson.questions.map(() => NO_ANSWER), opened: null };
}

/** The lesson that a session opens, and what it began with. */
export function openedLesson(session: Session, began: Session): LessonState {
  const { lesson, answers } = session;
  return lesson === null ? NO_LESSON : { lesson, answers, mode: "student", opened: began };
}

/** What of the lesson belongs to the session; nothing once it is left. */
export function lessonNow({ lesson: { lesson, answers, mode } }: State): Pick<Session, "lesson" | "answers"> {
  return mode === "left" ? { lesson: null, answers: [] } : { lesson, answers };
}

/** The lesson as far as it hides and locks; null if it does not. */
export function guiding({ lesson: { lesson, mode } }: Pick<State, "lesson">): Lesson | null {
  return mode === "student" || mode === "preview" ? lesson : null;
}

/** Whether the lesson hides a part of the page; what could only change what is locked is hidden, too. */
export function isHidden(state: Pick<State, "lesson">, part: Hideable): boolean {
  const lesson = guiding(state);
  if (lesson === null) return false;
  if (part === "presets" && lesson.changeable !== null) return true;
  if (part === "own_points" && isLocked(lesson, OWN_POINTS)) return true;
  return lesson.hidden.includes(part);
}

/** Whether the lesson locks a path of the set-up. */
export function isLockedNow(state: Pick<State, "lesson">, path: string): boolean {
  const lesson = guiding(state);
  return lesson !== null && isLocked(lesson, path);
}

/** Whether the lesson lets one change a path, or something below it. */
export function isOpenNow(state: Pick<State, "lesson">, path: string): boolean {
  const lesson = guiding(state);
  return lesson === null || isOpenBelow(lesson, path);
}

/** Why a state cannot follow another one: what differs is locked; empty if it can. */
export function whyLocked(before: State, after: State): string {
  const lesson = guiding(before);
  if (lesson === null || after.lesson.lesson !== lesson || after.lesson.mode !== before.lesson.mode) return "";
  const path = lockedPath(lesson, before, after);
  if (path === null) return "";
  return `The lesson locks the ${pathInWords(path)}. “Leave the lesson” unlocks everything.`;
}

function lockedPath(lesson: Lesson, before: State, after: State): string | null {
  if (before.seed !== after.seed && isLocked(lesson, SEED)) return SEED;
  if (before.stopRule !== after.stopRule && isLocked(lesson, STOP_RULE)) return STOP_RULE;
  if (before.ownPoints.set !== after.ownPoints.set && isLocked(lesson, OWN_POINTS)) return OWN_POINTS;
  return before.experiment === after.experiment ? null : lockedDifference(lesson, before.experiment, after.experiment);
}
