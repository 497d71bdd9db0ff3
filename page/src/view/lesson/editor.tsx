// Writes a lesson beside the page that it is of: a note, questions, and what it hides and locks.

import { useState } from "preact/hooks";

import { writeSession } from "../../exports/session_file.ts";
import { download } from "../../exports/download.ts";
import { HIDEABLE, type Lesson, MOST } from "../../lessons/lesson.ts";
import { isLocked, lockablePaths, pathInWords } from "../../lessons/locks.ts";
import type { WritingAction } from "../../state/lesson_writing.ts";
import { changesUpTo } from "../../state/provenance.ts";
import { type Session, sessionOf } from "../../state/session.ts";
import type { State } from "../../state/state.ts";
import { Button } from "../button.tsx";
import { CopiedLinks } from "../files/links.tsx";
import { help, picture } from "../help/help.ts";
import type { Properties } from "../properties.ts";
import { QuestionEditor } from "./question_editor.tsx";
import { Check, TextArea, TextLine } from "./writing.tsx";

export function LessonEditor({ state, dispatch }: Properties) {
  const { lesson } = state.lesson;
  const [goesOn, setGoesOn] = useState(false);
  const [isClosing, setClosing] = useState(false);
  if (lesson === null) return null;
  const write = (act: WritingAction) => dispatch({ kind: "lesson", act: { kind: "write", act } });
  const { title, note, questions } = lesson;
  const missing = whatIsMissing(lesson);
  return (
    <section class="panel lesson editing" aria-label="make a lesson" {...picture("lesson_editor")}>
      <div class="lesson-text" tabIndex={0} role="region" aria-label="what the lesson has">
        <h2>Make a lesson</h2>
        <TextLine label="title" part="edit_title" value={title} most={MOST.title} onType={(text) => write({ kind: "set", changed: { title: text } })} />
        <TextArea
          label="note"
          part="edit_note"
          value={note}
          most={MOST.note}
          rows={6}
          onType={(text) => write({ kind: "set", changed: { note: text } })}
        />
        <p class="muted">
          An empty line begins a paragraph, and “- ” an item of a list. **strong**, *emphasis*, `code`.
        </p>
        {questions.map((question, i) => (
          <QuestionEditor
            key={i}
            question={question}
            index={i}
            onChange={(change) => write({ kind: "change_question", question: i, change })}
            onRemove={() => write({ kind: "remove_question", question: i })}
          />
        ))}
        <Button
          {...help("edit_add")}
          disabled={questions.length >= MOST.questions}
          onClick={() => write({ kind: "add_question" })}
        >
          Add a question
        </Button>
        <Guiding state={state} lesson={lesson} onWrite={write} />
        <h3>Send it</h3>
        <p class="muted">
          It begins with the set-up, the seed, the points and the tab that are there now. Its answers are in the link and in
          the file: who looks into them can read them.
        </p>
        <Check
          label="begin at the update that the training has come to"
          part="edit_goes_on"
          isOn={goesOn}
          onSwitch={setGoesOn}
        />
        {missing !== "" && <p class="error" role="status">{missing}</p>}
        <CopiedLinks
          isReady={missing === ""}
          offers={[
            {
              title: "Copy the lesson's link",
              says: "for students",
              part: "edit_link",
              session: () => sessionOfLesson(state, goesOn),
            },
          ]}
        />
        <div class="row">
          <Button
            {...help("edit_file")}
            disabled={missing !== ""}
            onClick={() => download("lesson.json", writeSession(sessionOfLesson(state, goesOn)))}
          >
            Save the lesson's file
          </Button>
        </div>
      </div>
      <div class="lesson-foot">
        <Button
          look="small"
          {...help("edit_preview")}
          onClick={() => dispatch({ kind: "lesson", act: { kind: "preview", isOn: true } })}
        >
          See it as a student
        </Button>
        {isClosing ? (
          <>
            <Button
              look="small"
              {...help("edit_lose")}
              onClick={() => dispatch({ kind: "lesson", act: { kind: "stop_editing" } })}
            >
              Close and lose it
            </Button>
            <Button look="small" {...help("edit_go_on")} onClick={() => setClosing(false)}>Go on writing</Button>
            <span class="muted" role="status">What was neither sent nor saved is lost.</span>
          </>
        ) : (
          <Button look="small" {...help("edit_close")} onClick={() => setClosing(true)}>Close</Button>
        )}
      </div>
    </section>
  );
}

interface GuidingProperties {
  readonly state: State;
  readonly lesson: Lesson;
  readonly onWrite: (act: WritingAction) => void;
}

/** What the lesson hides, and what it leaves to be changed. */
function Guiding({ state, lesson, onWrite }: GuidingProperties) {
  const { hidden, changeable } = lesson;
  const paths = lockablePaths(state.experiment);
  return (
    <>
      <h3>Hide</h3>
      <div class="checks">
        {[...HIDEABLE].map(([name, text]) => (
          <Check
            key={name}
            label={text}
            part="edit_hide"
            isOn={hidden.includes(name)}
            onSwitch={(on) => onWrite({ kind: "hide", part: name, on })}
          />
        ))}
      </div>
      <h3>Lock</h3>
      <Check
        label="lock the set-up, but for what is checked below"
        part="edit_lock"
        isOn={changeable !== null}
        onSwitch={(on) => onWrite({ kind: "lock", on })}
      />
      {changeable !== null && (
        <div class="checks">
          {paths.map((path) => {
            const isWithin = changeable.some((each) => path.startsWith(`${each}.`));
            return (
              <Check
                key={path}
                label={labelOf(path, paths)}
                part="edit_changeable"
                title={path}
                depth={path.split(".").length - 1}
                isOn={!isLocked({ hidden: [], changeable }, path)}
                isDisabled={isWithin || (changeable.length >= MOST.changeable && !changeable.includes(path))}
                onSwitch={(on) => onWrite({ kind: "open_path", path, on })}
              />
            );
          })}
        </div>
      )}
      <p class="muted">Hiding and locking guide a student. They are no secret: “Leave the lesson” undoes both.</p>
    </>
  );
}

function labelOf(path: string, paths: readonly string[]): string {
  const isPart = paths.some((each) => each.startsWith(`${path}.`));
  return isPart ? `${pathInWords(path)}: all of it` : pathInWords(path);
}

/** What a lesson lacks before it can be sent; empty if nothing. */
function whatIsMissing({ title, note, questions }: Lesson): string {
  if (title.trim() === "") return "The lesson needs a title.";
  if (note.trim() === "" && questions.length === 0) return "The lesson needs a note or a question.";
  const unasked = questions.findIndex(({ text }) => text.trim() === "");
  if (unasked >= 0) return `Question ${unasked + 1} needs a text.`;
  const unchosen = questions.findIndex((each) => each.kind === "choice" && each.choices.some((choice) => choice.trim() === ""));
  return unchosen < 0 ? "" : `Question ${unchosen + 1} has an empty choice.`;
}

/** What students open: nothing answered, and from the first update on unless it is to go on from here. */
function sessionOfLesson(state: State, goesOn: boolean): Session {
  const session = sessionOf(state);
  const lesson = session.lesson === null ? null : { ...session.lesson, tab: state.tab };
  const answers: Session["answers"] = [];
  if (goesOn) return { ...session, lesson, answers, snapshot: null };
  const changes = changesUpTo(state, 0);
  return { ...session, lesson, answers, snapshot: null, step: 0, changes, experiment: state.experiment };
}
