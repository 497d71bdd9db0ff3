// Writes one question of a lesson.

import { useId } from "preact/hooks";

import { FEWEST_CHOICES, MOST, type Question, readNumber } from "../../lessons/lesson.ts";
import type { QuestionChange } from "../../state/lesson_writing.ts";
import { Button } from "../button.tsx";
import { Select } from "../choices.tsx";
import { about, heard, help } from "../help/help.ts";
import { NumberLine } from "./number_line.tsx";
import { Check, TextArea } from "./writing.tsx";

const KINDS: readonly (readonly [Question["kind"], string])[] = [
  ["choice", "choices"],
  ["number", "a number"],
  ["open", "a text, not judged"],
];

interface Properties {
  readonly question: Question;
  readonly index: number;
  readonly onChange: (change: QuestionChange) => void;
  readonly onRemove: () => void;
}

export function QuestionEditor({ question, index, onChange, onRemove }: Properties) {
  const id = useId();
  const { text, explanation, isPrediction } = question;
  return (
    <section class="question" aria-labelledby={id}>
      <div class="row">
        <h3 id={id}>Question {index + 1}</h3>
        <Button look="small" aria-label={`remove question ${index + 1}`} {...help("edit_remove")} onClick={onRemove}>Remove</Button>
      </div>
      <TextArea
        label="question"
        part="edit_question"
        value={text}
        most={MOST.text}
        rows={3}
        onType={(typed) => onChange({ kind: "ask", changed: { text: typed } })}
      />
      <div class="row">
        <label class="written-kind" {...about("edit_kind")}>
          answered by{" "}
          <Select
            chosen={question.kind}
            options={KINDS}
            {...heard("edit_kind")}
            onChoose={(by) => onChange({ kind: "answer_by", by })}
          />
        </label>
        <Check
          label="a prediction, not judged"
          part="edit_prediction"
          isOn={isPrediction}
          onSwitch={(on) => onChange({ kind: "ask", changed: { isPrediction: on } })}
        />
      </div>
      {question.kind === "choice" && <Choices question={question} name={id} onChange={onChange} />}
      {question.kind === "number" && (
        <div class="row">
          <NumberLine
            label="answer"
            part="edit_answer"
            value={question.answer}
            expected="a number, such as 98.83"
            read={readNumber}
            onEnter={(answer) => onChange({ kind: "number", changed: { answer } })}
          />
          <NumberLine
            label="give or take"
            part="edit_tolerance"
            value={question.tolerance}
            expected="a number of 0 or more"
            read={(typed) => {
              const value = readNumber(typed);
              return value === null || value < 0 ? null : value;
            }}
            onEnter={(tolerance) => onChange({ kind: "number", changed: { tolerance } })}
          />
        </div>
      )}
      <TextArea
        label="answer, explained"
        part="edit_explanation"
        value={explanation}
        most={MOST.explanation}
        rows={4}
        onType={(typed) => onChange({ kind: "ask", changed: { explanation: typed } })}
      />
    </section>
  );
}

interface ChoicesProperties {
  readonly question: Extract<Question, { readonly kind: "choice" }>;
  readonly name: string;
  readonly onChange: (change: QuestionChange) => void;
}

function Choices({ question, name, onChange }: ChoicesProperties) {
  const { choices, answer } = question;
  return (
    <fieldset class="choices-edited">
      <legend class="muted">Choices; the marked one is right.</legend>
      {choices.map((choice, i) => (
        <div class="row" key={i}>
          <input
            type="radio"
            name={`${name}-right`}
            aria-label={`choice ${i + 1} is right`}
            {...help("edit_right")}
            checked={answer === i}
            onChange={() => onChange({ kind: "set_right", choice: i })}
          />
          <input
            class="choice-text"
            aria-label={`choice ${i + 1}`}
            {...help("edit_choice")}
            value={choice}
            maxLength={MOST.choice}
            onInput={(event) => onChange({ kind: "set_choice", choice: i, text: event.currentTarget.value })}
          />
          <Button
            look="small"
            aria-label={`remove choice ${i + 1}`}
            {...help("edit_remove_choice")}
            disabled={choices.length <= FEWEST_CHOICES}
            onClick={() => onChange({ kind: "remove_choice", choice: i })}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button
        look="small"
        {...help("edit_add_choice")}
        disabled={choices.length >= MOST.choices}
        onClick={() => onChange({ kind: "add_choice" })}
      >
        Add a choice
      </Button>
    </fieldset>
  );
}
