// The lessons that there are, and where one is made.

import { useState } from "preact/hooks";

import { SHIPPED } from "../../lessons/shipped.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import { Dialog } from "../dialog.tsx";
import type { Properties } from "../properties.ts";

export function Lessons({ state, dispatch }: Properties) {
  const [isOpen, setOpen] = useState(false);
  const { lesson, mode, opened } = state.lesson;
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
                    <Button
                      onClick={() => {
                        dispatch({ kind: "open_as_entry", session });
                        close();
                      }}
                    >
                      {session.lesson?.title}
                    </Button>
                  </li>
                ))}
              </ul>
              {mode === "left" && opened !== null && (
                <div class="row">
                  <Button
                    onClick={() => {
                      dispatch({ kind: "open_lesson_again" });
                      close();
                    }}
                  >
                    Back to “{lesson?.title}”
                  </Button>
                </div>
              )}
              <h3>Make one</h3>
              <p class="muted">Write a note and questions beside the page, hide and lock what is not needed, and send it as a link or a file.</p>
              <div class="row">
                <Button
                  disabled={mode === "editing"}
                  onClick={() => {
                    dispatch({ kind: "lesson", act: { kind: "edit", isNew: true } });
                    close();
                  }}
                >
                  Make a lesson of this set-up
                </Button>
                {lesson !== null && mode !== "editing" && (
                  <Button
                    onClick={() => {
                      dispatch({ kind: "lesson", act: { kind: "edit", isNew: false } });
                      close();
                    }}
                  >
                    Edit this lesson
                  </Button>
                )}
              </div>
            </>
          )}
        </Dialog>
      )}
    </>
  );
}
