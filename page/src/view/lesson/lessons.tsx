// The lessons that there are, and where one is made.

import { useEffect, useRef, useState } from "preact/hooks";

import { SHIPPED } from "../../lessons/shipped.ts";
import type { Action } from "../../state/actions.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import { Dialog } from "../dialog.tsx";
import type { Properties } from "../properties.ts";

export function Lessons({ state, dispatch }: Properties) {
  const [isOpen, setOpen] = useState(false);
  const { lesson, mode, opened } = state.lesson;
  const isAwaited = useRef(false); // a lesson, or the writing of one, that has not been drawn yet
  // Who uses keys goes on where they have sent the page, and who hears it is told what came.
  useEffect(() => {
    if (isAwaited.current) document.querySelector<HTMLElement>(".lesson-text")?.focus();
    isAwaited.current = false;
  }, [state.lesson]);
  const begin = (action: Action, close: () => void) => {
    isAwaited.current = true;
    dispatch(action);
    close();
  };
  return (
    <>
      <Button {...help("lessons")} onClick={() => setOpen(true)}>Lessons</Button>
      {isOpen && (
        <Dialog name="lessons" title="Lessons" onClose={() => setOpen(false)}>
          {(close) => (
            <>
              <p class="muted">A lesson asks, you predict, try it here, and compare. It takes the place of what is set up now.</p>
              <ul class="lessons-list">
                {SHIPPED.map(([name, session]) => (
                  <li key={name}>
                    <Button onClick={() => begin({ kind: "open_as_entry", session }, close)}>{session.lesson?.title}</Button>
                  </li>
                ))}
              </ul>
              {mode === "left" && opened !== null && (
                <div class="row">
                  <Button onClick={() => begin({ kind: "open_lesson_again" }, close)}>Back to “{lesson?.title}”</Button>
                </div>
              )}
              <h3>Make one</h3>
              <p class="muted">Write a note and questions beside the page, hide and lock what is not needed, and send it as a link or a file.</p>
              <div class="row">
                <Button
                  disabled={mode === "editing"}
                  onClick={() => begin({ kind: "lesson", act: { kind: "edit", isNew: true } }, close)}
                >
                  Make a lesson of this set-up
                </Button>
                {lesson !== null && mode !== "editing" && (
                  <Button onClick={() => begin({ kind: "lesson", act: { kind: "edit", isNew: false } }, close)}>Edit this lesson</Button>
                )}
              </div>
            </>
          )}
        </Dialog>
      )}
    </>
  );
}
