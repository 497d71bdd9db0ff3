// A question of a lesson: it is answered, judged where it is to be, and explained.

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { type Answer, isRight, MOST, type Question, readNumber } from "../../lessons/lesson.ts";
import type { Dispatch } from "../../state/actions.ts";
import { Button } from "../button.tsx";
import { about, heard, help } from "../help/help.ts";
import { Markup } from "./markup.tsx";

interface Properties {
  readonly question: Question;
  readonly answer: Answer;
  /** Of the question, the first being 0; and of how many. */
  readonly index: number;
  readonly count: number;
  readonly dispatch: Dispatch;
}

export function QuestionPanel({ question, answer, index, count, dispatch }: Properties) {
  const { given, isShown } = answer;
  const [typed, setTyped] = useState<string | number | null>(given);
  const [wrong, setWrong] = useState("");
  const id = useId();
  useEffect(() => setTyped(given), [given, question]);
  const said = useRef<HTMLDivElement>(null);
  const isPressed = useRef(false); // and what comes of it is not yet in view
  const reveal = () => {
    if (isPressed.current) said.current?.scrollIntoView({ block: "nearest" });
    isPressed.current = false;
  };
  useLayoutEffect(reveal, [answer]);
  useLayoutEffect(() => {
    if (wrong !== "") reveal();
  }, [wrong]);
  function submit(event: Event): void {
    event.preventDefault();
    isPressed.current = true;
    const why = whyNoAnswer(question, typed);
    setWrong(why);
    if (why === "" && typed !== null) dispatch({ kind: "lesson", act: { kind: "answer", question: index, given: typed } });
  }
  return (
    <section class="question" aria-labelledby={id}>
      <h3 id={id}>{count > 1 ? `Question ${index + 1} of ${count}` : "Question"}{question.isPrediction ? ": predict" : ""}</h3>
      <Markup text={question.text} />
      <form onSubmit={submit}>
        <Entry question={question} id={id} typed={typed} wrong={wrong} onType={setTyped} />
        <div class="row">
          <Button
            type="submit"
            look={given === null ? "primary" : ""}
            {...help(question.isPrediction ? "lesson_predict" : "lesson_answer")}
          >
            {question.isPrediction ? "Predict" : "Answer"}
          </Button>
          {!isShown && (given !== null || question.kind === "open") && (
            <Button
              {...help("lesson_show_answer")}
              onClick={() => {
                isPressed.current = true;
                dispatch({ kind: "lesson", act: { kind: "show_answer", question: index } });
              }}
            >
              Show the answer
            </Button>
          )}
        </div>
        <p class="error" id={`${id}-error`} role="alert">{wrong}</p>
      </form>
      <div class="said" ref={said}>
        <p class="judged" role="status">{judged(question, answer)}</p>
        {isShown && (
          <div class="explained">
            {isRight(question, given) !== true && rightAnswer(question) !== "" && (
              <p>
                <strong>{rightAnswer(question)}</strong>
              </p>
            )}
            <Markup text={question.explanation} />
          </div>
        )}
      </div>
    </section>
  );
}

interface EntryProperties {
  readonly question: Question;
  readonly id: string;
  readonly typed: string | number | null;
  readonly wrong: string;
  readonly onType: (typed: string | number) => void;
}

function Entry({ question, id, typed, wrong, onType }: EntryProperties) {
  const described = { "aria-describedby": `${id}-error`, "aria-invalid": wrong !== "" };
  if (question.kind === "choice")
    return (
      <div class="choices" role="radiogroup" aria-labelledby={id}>
        {question.choices.map((choice, i) => (
          <label class="choice" key={i} {...about("lesson_choice")}>
            <input
              type="radio"
              name={`${id}-choice`}
              checked={typed === i}
              {...heard("lesson_choice")}
              onChange={() => onType(i)}
            />
            <span>{choice}</span>
          </label>
        ))}
      </div>
    );
  if (question.kind === "number")
    return (
      <input
        class="answer-number"
        aria-label="your answer, a number"
        inputMode="decimal"
        autocomplete="off"
        value={String(typed ?? "")}
        {...described}
        {...help("lesson_number")}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    );
  return (
    <textarea
      class="answer-text"
      aria-label="your answer"
      rows={3}
      maxLength={MOST.given}
      value={String(typed ?? "")}
      {...described}
      {...help("lesson_text")}
      onInput={(event) => onType(event.currentTarget.value)}
    />
  );
}

function whyNoAnswer({ kind }: Question, typed: string | number | null): string {
  if (kind === "choice") return typed === null ? "Choose an answer first." : "";
  if (String(typed ?? "").trim() === "") return kind === "number" ? "Enter a number first." : "Write an answer first.";
  return kind === "number" && readNumber(String(typed)) === null ? "Expected a number, such as 98.83." : "";
}

function judged(question: Question, { given, isShown }: Answer): string {
  if (given === null) return "";
  if (question.isPrediction) return `You predicted: ${inWords(question, given)}. Now try it.`;
  const right = isRight(question, given);
  if (right === null) return "Kept. Compare it with the answer.";
  if (right) return `Right: ${inWords(question, given)}.`;
  return `Not right: ${inWords(question, given)}.${isShown ? "" : " Try again, or show the answer."}`;
}

function inWords(question: Question, given: number | string): string {
  const text = question.kind === "choice" ? question.choices[given as number] : String(given).trim();
  return text.replace(/\.$/, "");
}

function rightAnswer(question: Question): string {
  if (question.kind === "open") return "";
  if (question.kind === "choice") return `Answer: ${question.choices[question.answer].replace(/\.$/, "")}.`;
  const { answer, tolerance } = question;
  return `Answer: ${answer}${tolerance > 0 ? `, give or take ${tolerance}` : ""}.`;
}
