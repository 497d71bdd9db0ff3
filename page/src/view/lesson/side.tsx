// The left column: the set-up, and above it a lesson that is gone through or written.

import { Setup } from "../form/setup.tsx";
import type { Properties } from "../properties.ts";
import { LessonEditor } from "./editor.tsx";
import { LessonPanel } from "./lesson_panel.tsx";

export function Side({ state, dispatch }: Properties) {
  const setup = <Setup state={state} dispatch={dispatch} />;
  const { lesson, mode } = state.lesson;
  if (lesson === null || mode === "left") return setup;
  return (
    <div class="lesson-side">
      {mode === "editing" ? (
        <LessonEditor state={state} dispatch={dispatch} />
      ) : (
        // Another lesson begins at its top, and with nothing typed.
        <LessonPanel key={lesson} state={state} dispatch={dispatch} />
      )}
      {setup}
    </div>
  );
}
