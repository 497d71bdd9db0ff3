// The lesson as a student sees it. Each question comes when the one before it is answered.

import { Button } from "../button.tsx";
import { help, picture } from "../help/help.ts";
import type { Properties } from "../properties.ts";
import { Markup } from "./markup.tsx";
import { QuestionPanel } from "./question.tsx";

export function LessonPanel({ state, dispatch }: Properties) {
  const { lesson, answers, mode, opened } = state.lesson;
  if (lesson === null) return null;
  const { questions, title, note, hidden, changeable } = lesson;
  const firstOpen = answers.findIndex(({ given, isShown }) => given === null && !isShown);
  const shown = firstOpen < 0 ? questions.length : firstOpen + 1;
  const isGuided = hidden.length > 0 || changeable !== null;
  return (
    <section class="panel lesson" aria-label="lesson" {...picture("lesson")}>
      <div class="lesson-text" tabIndex={0} role="region" aria-label="what the lesson says and asks">
        <h2>{title === "" ? "Lesson" : title}</h2>
        <Markup text={note} />
        {questions.slice(0, shown).map((question, i) => (
          <QuestionPanel key={i} question={question} answer={answers[i]} index={i} count={questions.length} dispatch={dispatch} />
        ))}
        {questions.length > 0 && firstOpen < 0 && <p class="muted">All questions are answered.</p>}
      </div>
      <div class="lesson-foot">
        {mode === "preview" ? (
          <Button {...help("edit_back")} onClick={() => dispatch({ kind: "lesson", act: { kind: "preview", isOn: false } })}>
            Back to editing
          </Button>
        ) : (
          <>
            {opened !== null && (
              <Button
                look="small"
                {...help("lesson_begin_again")}
                onClick={() => dispatch({ kind: "open_lesson_again" })}
              >
                Back to its set-up
              </Button>
            )}
            <Button look="small" {...help("lesson_leave")} onClick={() => dispatch({ kind: "lesson", act: { kind: "leave" } })}>
              Leave the lesson
            </Button>
          </>
        )}
        {isGuided && <span class="muted">Leaving it shows and unlocks all controls.</span>}
      </div>
    </section>
  );
}
