// Writes a lesson beside the page that it is of: a note, questions, and what it hides and locks.

import { useState } from "preact/hooks";

import { writeSession } from "../../exports/session_file.ts";
import { download } from "../../exports/download.ts";
import { HIDEABLE, type Lesson, MOST, type Question } from "../../lessons/lesson.ts";
import { isLocked, lockablePaths, pathInWords } from "../../lessons/locks.ts";
import { changesUpTo } from "../../state/provenance.ts";
import { type Session, sessionOf } from "../../state/session.ts";
import type { State } from "../../state/state.ts";
import { Button } from "../button.tsx";
import { CopiedLinks } from "../files/links.tsx";
import { help, picture } from "../help/help.ts";
import type { Properties } from "../properties.ts";
import { QuestionEditor } from "./question_editor.tsx";
import { Check, TextArea, TextLine } from "./writing.tsx";

const FIRST_QUESTION: Question = {
  kind: "choice",
  text: "",
  choices: ["", ""],
  answer: 0,
  explanation: "",
  isPrediction: true,
};

export function LessonEditor({ state, dispatch }: Properties) {
  const { lesson } = state.lesson;
  const [goesOn, setGoesOn] = useState(false);
  const [isClosing, setClosing] = useState(false);
  if (lesson === null) return null;
  const change = (changed: Partial<Lesson>) =>
    dispatch({ kind: "lesson", act: { kind: "change", lesson: { ...lesson, ...changed } } });
  const { title, note, questions } = lesson;
  const missing = whatIsMissing(lesson);
  return (
    <section class="panel lesson editing" aria-label="make a lesson" {...picture("lesson_editor")}>
      <div class="lesson-text" tabIndex={0} role="region" aria-label="what the lesson has">
        <h2>Make a lesson</h2>
        <TextLine label="title" part="edit_title" value={title} most={MOST.title} onType={(text) => change({ title: text })} />
        <TextArea
          label="note"
          part="edit_note"
          value={note}
          most={MOST.note}
          rows={6}
          onType={(text) => change({ note: text })}
        />
        <p class="muted">
          An empty line begins a paragraph, and “- ” an item of a list. **strong**, *emphasis*, `code`.
        </p>
        {questions.map((question, i) => (
          <QuestionEditor
            key={i}
            question={question}
            index={i}
            onChange={(changed) => change({ questions: questions.with(i, changed) })}
            onRemove={() => change({ questions: questions.toSpliced(i, 1) })}
          />
        ))}
        <Button
          {...help("edit_add")}
          disabled={questions.length >= MOST.questions}
          onClick={() => change({ questions: [...questions, { ...FIRST_QUESTION, isPrediction: questions.length === 0 }] })}
        >
          Add a question
        </Button>
        <Guiding state={state} lesson={lesson} onChange={change} />
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
  readonly onChange: (changed: Partial<Lesson>) => void;
}

/** What the lesson hides, and what it leaves to be changed. */
function Guiding({ state, lesson, onChange }: GuidingProperties) {
  const { hidden, changeable } = lesson;
  const paths = lockablePaths(state.experiment);
  const put = (path: string, isOn: boolean) => {
    const others = (changeable ?? []).filter((each) => each !== path && !each.startsWith(`${path}.`));
    onChange({ changeable: isOn ? [...others, path] : others });
  };
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
            onSwitch={(on) => onChange({ hidden: on ? [...hidden, name] : hidden.filter((each) => each !== name) })}
          />
        ))}
      </div>
      <h3>Lock</h3>
      <Check
        label="lock the set-up, but for what is checked below"
        part="edit_lock"
        isOn={changeable !== null}
        onSwitch={(on) => onChange({ changeable: on ? ["seed"] : null })}
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
                onSwitch={(on) => put(path, on)}
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
