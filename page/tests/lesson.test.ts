// A lesson comes as it was sent, judges what is answered, and hides and locks what it says; whatever else comes in is
// refused.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readLink, writeLink } from "../src/exports/link.ts";
import { LESSON_VERSION, VERSION, writeSession } from "../src/exports/session_file.ts";
import { readSession } from "../src/exports/session_reading.ts";
import { HIDEABLE, isRight, type Lesson, MOST, PARTS, type Question, readNumber, TABS } from "../src/lessons/lesson.ts";
import { isLocked, isOpenBelow, lockablePaths, pathInWords } from "../src/lessons/locks.ts";
import { blocksOf } from "../src/lessons/markup.ts";
import { SHIPPED } from "../src/lessons/shipped.ts";
import { lesson as table } from "../src/spec/spec.json";
import type { Action } from "../src/state/actions.ts";
import { isHidden, isLockedNow, type LessonAction } from "../src/state/lesson.ts";
import { newSession, type Session, sessionOf } from "../src/state/session.ts";
import { initialState, type State } from "../src/state/state.ts";
import { update } from "../src/state/update.ts";
import { changedLesson, type QuestionChange, type WritingAction } from "../src/state/lesson_writing.ts";
import { Refusal } from "../src/text/refusal.ts";

const ASKED = { text: "How **many**?", explanation: "Count.", isPrediction: false };
const CHOICE: Question = { ...ASKED, kind: "choice", choices: ["one", "two"], answer: 1 };
const NUMBER: Question = { ...ASKED, kind: "number", answer: 98.83, tolerance: 0.05 };
const OPEN: Question = { ...ASKED, kind: "open" };

const LESSON: Lesson = {
  title: "Batches & <b>bold</b>",
  note: "Look.\n\n- one\n- two",
  questions: [{ ...CHOICE, isPrediction: true }, NUMBER, OPEN, CHOICE],
  hidden: ["curves", "tab.runs"],
  changeable: ["training.batch_size", "training.optimizer"],
  tab: "weights",
};

function sessionWith(changed: Partial<Lesson> = {}): Session {
  const lesson = { ...LESSON, ...changed };
  const { experiment } = initialState("light");
  return { ...newSession(experiment), lesson, answers: lesson.questions.map(() => ({ given: null, isShown: false })) };
}

function opened(changed: Partial<Lesson> = {}): State {
  return update(initialState("light"), { kind: "open_session", session: sessionWith(changed) });
}

const act = (state: State, made: LessonAction): State => update(state, { kind: "lesson", act: made });

test("what a lesson may hide is what Python lets it hide, each with words for its author", () => {
  assert.deepEqual([Object.keys(PARTS), Object.keys(TABS)], [table.parts, table.tabs]);
});

// ---- Files and links -------------------------------------------------------------------------------

test("a lesson comes back from its file and its link, with what was answered", async () => {
  const answers = [
    { given: 0, isShown: true },
    { given: "98,8 %", isShown: false },
    { given: "since …", isShown: false },
    { given: null, isShown: false },
  ];
  for (const session of [sessionWith(), { ...sessionWith(), answers }]) {
    const again = readSession(writeSession(session));
    assert.deepEqual([again.lesson, again.answers], [LESSON, session.answers]);
    const link = await writeLink(session);
    assert.deepEqual(await readLink(link), again);
    assert.ok(link.startsWith(`mlplab-${LESSON_VERSION}-`));
  }
});

test("a session without a lesson is of the version that older pages read", async () => {
  const session = newSession(initialState("light").experiment);
  assert.equal((JSON.parse(writeSession(session)) as { version: number }).version, VERSION);
  assert.ok((await writeLink(session)).startsWith(`mlplab-${VERSION}-`));
  const { lesson, answers } = readSession(writeSession(session));
  assert.deepEqual([lesson, answers], [null, []]);
});

test("an open session has its lesson, and one who left has none", () => {
  const state = opened();
  assert.equal(state.tab, "weights");
  const answered = act(state, { kind: "answer", question: 0, given: 1 });
  assert.deepEqual(sessionOf(answered).answers[0], { given: 1, isShown: false });
  assert.deepEqual(readSession(writeSession(sessionOf(answered))).answers, sessionOf(answered).answers);
  assert.deepEqual([sessionOf(act(answered, { kind: "leave" })).lesson, sessionOf(act(answered, { kind: "leave" })).answers], [null, []]);
  const session = newSession(state.experiment);
  assert.equal(update(answered, { kind: "open_session", session }).lesson.lesson, null);
});

type Table = Record<string, any>;

/** Why a lesson that was changed somewhere is refused; empty if it is not. */
function refusal(change: (lesson: Table, file: Table) => void): string {
  const file = JSON.parse(writeSession(sessionWith())) as Table;
  change(file["lesson"] as Table, file);
  try {
    readSession(JSON.stringify(file));
  } catch (error) {
    assert.ok(error instanceof Refusal, String(error));
    assert.ok(!error.message.includes("\n"));
    return error.message;
  }
  return "";
}

test("a forged lesson is refused with one sentence", () => {
  const long = (count: number) => "x".repeat(count + 1);
  const cases: [RegExp, (lesson: Table, file: Table) => void][] = [
    [/its lesson is no table/, (_, file) => (file["lesson"] = "x")],
    [/its lesson is no table/, (_, file) => (file["lesson"] = null)],
    [/its lesson has script, which is unknown; known are title/, (lesson) => (lesson["script"] = "alert(1)")],
    [/the title of its lesson is a text, received nothing/, (lesson) => delete lesson["title"]],
    [/the title of its lesson is a text, received a list/, (lesson) => (lesson["title"] = ["x"])],
    [/the title of its lesson has 121 characters, and the page takes at most 120/, (lesson) => (lesson["title"] = long(MOST.title))],
    [/the note of its lesson has 6001/, (lesson) => (lesson["note"] = long(MOST.note))],
    [/the questions of its lesson are no list/, (lesson) => (lesson["questions"] = {})],
    [/the questions of its lesson are 9, and the page takes at most 8/, (lesson) => (lesson["questions"] = Array(9).fill({ text: "" }))],
    [/question 2 of its lesson is no table/, (lesson) => (lesson["questions"][1] = 3)],
    [/question 2 of its lesson has html, which is unknown/, (lesson) => (lesson["questions"][1].html = "<b>")],
    [/the text of question 1 of its lesson is a text/, (lesson) => (lesson["questions"][0].text = 1)],
    [/question 1 of its lesson has 1 choices, and it takes 2 at least/, (lesson) => (lesson["questions"][0].choices = ["x"])],
    [/choices of question 1 of its lesson are 9/, (lesson) => (lesson["questions"][0].choices = Array(9).fill("x"))],
    [/a choice of question 1 of its lesson is a text/, (lesson) => (lesson["questions"][0].choices = ["x", null])],
    [/the answer to question 1 of its lesson is the number of a choice from 0 to 1, received 2/, (lesson) => (lesson["questions"][0].answer = 2)],
    [/the answer to question 2 of its lesson is a number, received x/, (lesson) => (lesson["questions"][1].answer = "x")],
    [/the answer to question 2 of its lesson is a number, received nothing/, (lesson) => delete lesson["questions"][1].answer],
    [/the tolerance of question 2 of its lesson is negative/, (lesson) => (lesson["questions"][1].tolerance = -1)],
    [/whether question 1 of its lesson is a prediction is true or false, received 1/, (lesson) => (lesson["questions"][0].prediction = 1)],
    [/its lesson hides lesson, which this page has nothing of/, (lesson) => (lesson["hidden"] = ["lesson"])],
    [/its lesson hides constructor/, (lesson) => (lesson["hidden"] = ["constructor"])],
    [/what its lesson hides are no list/, (lesson) => (lesson["hidden"] = "seed")],
    [/a path such as training.batch_size, received __proto__/, (lesson) => (lesson["changeable"] = ["__proto__"])],
    [/a path such as training.batch_size, received a list/, (lesson) => (lesson["changeable"] = [[]])],
    [/what its lesson leaves to be changed are 61/, (lesson) => (lesson["changeable"] = Array(61).fill("seed"))],
    [/begins with a tab toString/, (lesson) => (lesson["tab"] = "toString")],
    [/its answers are 1, and its lesson asks 4/, (_, file) => (file["answers"] = [{}])],
    [/its answers are no list/, (_, file) => (file["answers"] = "x")],
    [/answer 1 is the number of a choice from 0 to 1, received x/, (_, file) => (file["answers"] = [{ given: "x" }, {}, {}, {}])],
    [/answer 2 is a text, received 3/, (_, file) => (file["answers"] = [{}, { given: 3 }, {}, {}])],
    [/answer 3 has 2001 characters/, (_, file) => (file["answers"] = [{}, {}, { given: long(MOST.given) }, {}])],
    [/whether answer 1 is shown/, (_, file) => (file["answers"] = [{ shown: "yes" }, {}, {}, {}])],
  ];
  for (const [expected, change] of cases) assert.match(refusal(change), expected);
  assert.equal(refusal(() => {}), "");
  assert.equal(refusal((_, file) => (file["version"] = VERSION)), "");
});

// ---- Answers ---------------------------------------------------------------------------------------

test("answers are judged where they are to be", () => {
  assert.deepEqual([isRight(CHOICE, 1), isRight(CHOICE, 0), isRight(CHOICE, null)], [true, false, null]);
  assert.equal(isRight({ ...CHOICE, isPrediction: true }, 0), null);
  assert.equal(isRight(OPEN, "whatever"), null);
  for (const right of ["98.83", "98,83 %", " 98.78", "98.88", "+98.8%", "9.883e1"]) assert.equal(isRight(NUMBER, right), true, right);
  for (const wrong of ["98.77", "98.89", "0.9883", "-98.83", "x", "", "98.8.3", "0x62", "Infinity"])
    assert.equal(isRight(NUMBER, wrong), false, wrong);
  assert.equal(isRight({ ...NUMBER, answer: 0.3, tolerance: 0.1 }, "0.2"), true);
  assert.equal(isRight({ ...NUMBER, answer: -0.5, tolerance: 0 }, "−0.5"), true);
  assert.deepEqual([readNumber("1 000"), readNumber("1e3")], [null, 1000]);
});

test("a right answer shows its explanation, a wrong one waits for a click", () => {
  let state = act(opened(), { kind: "answer", question: 1, given: "7" });
  assert.deepEqual(state.lesson.answers[1], { given: "7", isShown: false });
  state = act(state, { kind: "answer", question: 1, given: "98.83" });
  assert.deepEqual(state.lesson.answers[1], { given: "98.83", isShown: true });
  state = act(state, { kind: "show_answer", question: 0 });
  assert.deepEqual(state.lesson.answers[0], { given: null, isShown: true });
  for (const made of [{ kind: "show_answer", question: 9 }, { kind: "answer", question: -1, given: 0 }] as const)
    assert.equal(act(state, made).lesson, state.lesson);
});

// ---- What is hidden and locked ---------------------------------------------------------------------

const LOCKED: readonly Action[] = [
  { kind: "enter_field", path: "dataset.sigma", entered: "0.2" },
  { kind: "enter_field", path: "network.activation", entered: "tanh" },
  { kind: "set_seed", seed: "4" },
  { kind: "next_seed" },
  { kind: "set_stop_rule", stopRule: "never" },
  { kind: "choose_preset", title: "more  xor" },
  { kind: "own_points", act: { kind: "draw_own" } },
  { kind: "set_up", seed: "0", setUp: { experiment: { ...initialState("light").experiment, dataset: { kind: "moons" } as never }, samples: null } },
];

test("what a lesson locks cannot be changed by any way, and a sentence says so", () => {
  const state = opened();
  for (const action of LOCKED) {
    const next = update(state, action);
    assert.deepEqual({ ...next, message: null }, state, action.kind);
    assert.match(next.message ?? "", /^The lesson locks the .*“Leave the lesson” unlocks everything\.$/);
  }
  assert.match(update(state, LOCKED[0]).message ?? "", /locks the sigma/);
  assert.match(update(state, LOCKED[6]).message ?? "", /locks the choice of points/);
});

test("what a lesson leaves open is changed, with all that is below it", () => {
  const batch = update(opened(), { kind: "enter_field", path: "training.batch_size", entered: "64" });
  assert.equal(batch.experiment.training.batch_size, 64);
  const adam = update(opened(), { kind: "enter_field", path: "training.optimizer.kind", entered: "adam" });
  assert.equal(adam.experiment.training.optimizer.kind, "adam");
  assert.equal(adam.message, null);
});

test("who leaves the lesson, or writes it, is locked out of nothing", () => {
  for (const free of [act(opened(), { kind: "leave" }), act(opened(), { kind: "edit", isNew: false }), opened({ changeable: null })])
    for (const action of LOCKED) assert.doesNotMatch(update(free, action).message ?? "", /locks/);
  const preview = act(act(opened(), { kind: "edit", isNew: false }), { kind: "preview", isOn: true });
  assert.match(update(preview, LOCKED[0]).message ?? "", /locks/);
});

test("what is hidden is locked, too, and what could only change locked things is hidden", () => {
  const state = opened({ hidden: ["setup.network", "seed", "own_points"], changeable: null });
  assert.deepEqual(
    ["network.activation", "seed", "own_points", "dataset.sigma", "stop_rule"].map((path) => isLockedNow(state, path)),
    [true, true, true, false, false],
  );
  assert.deepEqual([isHidden(state, "presets"), isHidden(opened(), "presets"), isHidden(opened(), "own_points")], [false, true, true]);
  assert.equal(isHidden(act(state, { kind: "leave" }), "seed"), false);
  assert.equal(isLocked({ hidden: ["setup.training"], changeable: null }, "stop_rule"), true);
});

test("a part is seen as long as something of it is open", () => {
  const locks = { hidden: [], changeable: ["training.optimizer.learning_rate", "seed"] };
  assert.deepEqual(
    ["training", "training.optimizer", "training.optimizer.learning_rate", "training.batch_size", "network"].map((path) => isOpenBelow(locks, path)),
    [true, true, true, false, false],
  );
  assert.equal(isOpenBelow({ ...locks, hidden: ["setup.training"] }, "training"), false);
});

test("all that can be left open is offered once, by a name that one reads", () => {
  const paths = lockablePaths(initialState("light").experiment);
  assert.equal(new Set(paths).size, paths.length);
  for (const path of ["seed", "stop_rule", "dataset", "dataset.sigma", "network.initializer", "training.batch_size"]) assert.ok(paths.includes(path), path);
  assert.ok(!paths.includes("dataset.kind"));
  assert.deepEqual(["dataset", "training.batch_size", "network.layer_width.1"].map(pathInWords), ["data", "batch size", "layer width"]);
});

// ---- Writing ---------------------------------------------------------------------------------------

/** A lesson as its author writes it. */
function written(state: State, { title, note, questions, hidden, changeable }: Lesson): State {
  const change = (question: number, made: QuestionChange) => ({ kind: "change_question", question, change: made }) as const;
  const asks = ({ text, explanation, isPrediction }: Question) => ({ text, explanation, isPrediction });
  const acts: readonly WritingAction[] = [
    { kind: "set", changed: { title } },
    { kind: "set", changed: { note } },
    ...questions.flatMap((each, i): WritingAction[] => [
      { kind: "add_question" },
      change(i, { kind: "ask", changed: asks(each) }),
      change(i, { kind: "answer_by", by: each.kind }),
      ...(each.kind === "number"
        ? [change(i, { kind: "number", changed: { answer: each.answer } }), change(i, { kind: "number", changed: { tolerance: each.tolerance } })]
        : []),
      ...(each.kind === "choice"
        ? [change(i, { kind: "add_choice" }), change(i, { kind: "remove_choice", choice: 0 }), change(i, { kind: "set_right", choice: each.answer })]
        : []),
      ...(each.kind === "choice" ? each.choices.map((text, choice) => change(i, { kind: "set_choice", choice, text })) : []),
    ]),
    ...hidden.map((part): WritingAction => ({ kind: "hide", part, on: true })),
    { kind: "lock", on: true },
    { kind: "open_path", path: "seed", on: false },
    ...(changeable ?? []).map((path): WritingAction => ({ kind: "open_path", path, on: true })),
  ];
  return acts.reduce((before, each) => act(before, { kind: "write", act: each }), state);
}

test("what is right stays right where another choice is removed, and a change of what is not there changes nothing", () => {
  const choice = { ...CHOICE, choices: ["a", "b", "c"], answer: 1 };
  const after = (change: QuestionChange) => changedLesson({ ...LESSON, questions: [choice] }, { kind: "change_question", question: 0, change }).questions[0];
  const right = (removed: number) => (after({ kind: "remove_choice", choice: removed }) as typeof choice).answer;
  assert.deepEqual([0, 1, 2].map(right), [0, 0, 1]);
  assert.equal(after({ kind: "answer_by", by: "choice" }), choice);
  assert.deepEqual(after({ kind: "number", changed: { answer: 3 } }), choice);
  assert.equal(changedLesson(LESSON, { kind: "change_question", question: 9, change: { kind: "add_choice" } }), LESSON);
  const opened = changedLesson({ ...LESSON, changeable: ["training.optimizer.momentum"] }, { kind: "open_path", path: "training.optimizer", on: true });
  assert.deepEqual(opened.changeable, ["training.optimizer"]);
});

test("a lesson is written, previewed with nothing answered, and ended", () => {
  let state = act(initialState("light"), { kind: "edit", isNew: true });
  assert.deepEqual([state.lesson.mode, state.lesson.lesson?.questions], ["editing", []]);
  state = written(state, LESSON);
  assert.deepEqual(state.lesson.lesson, { ...LESSON, tab: null });
  assert.equal(state.lesson.answers.length, 4);
  state = act(state, { kind: "preview", isOn: true });
  state = act(state, { kind: "answer", question: 1, given: "98.83" });
  state = act(state, { kind: "preview", isOn: false });
  assert.deepEqual([state.lesson.mode, state.lesson.lesson, state.lesson.answers[1].given], ["editing", { ...LESSON, tab: null }, null]);
  assert.equal(act(state, { kind: "stop_editing" }).lesson.lesson, null);
});

test("texts are drawn as paragraphs, lists, emphasis and code, and as nothing else", () => {
  const text = "One **two** *three* `four*`.\nGoes on.\n\n- a\n  more\n- <img src=x onerror=alert(1)>\nEnd 2*3 and 4*5";
  assert.deepEqual(blocksOf(text), [
    {
      kind: "paragraph",
      lines: [
        [
          { kind: "text", text: "One " },
          { kind: "strong", text: "two" },
          { kind: "text", text: " " },
          { kind: "emphasis", text: "three" },
          { kind: "text", text: " " },
          { kind: "code", text: "four*" },
          { kind: "text", text: ". Goes on." },
        ],
      ],
    },
    { kind: "list", lines: [[{ kind: "text", text: "a more" }], [{ kind: "text", text: "<img src=x onerror=alert(1)>" }]] },
    { kind: "paragraph", lines: [[{ kind: "text", text: "End 2" }, { kind: "emphasis", text: "3 and 4" }, { kind: "text", text: "5" }]] },
  ]);
  for (const odd of ["", "\n\n\n", "- ", "**", "***", "`", "*".repeat(3000), "- \n".repeat(2000), "a ".repeat(3000)])
    assert.ok(Array.isArray(blocksOf(odd)), odd.slice(0, 9));
});

// ---- Those that come with the page -----------------------------------------------------------------

test("the lessons that come with the page open, and hide and leave open what there is", () => {
  assert.equal(SHIPPED.length, 6);
  for (const [name, session] of SHIPPED) {
    const state = update(initialState("light"), { kind: "open_session", session });
    const { lesson } = state.lesson;
    assert.ok(lesson !== null, name);
    const paths = lockablePaths(state.experiment);
    for (const path of lesson.changeable ?? []) assert.ok(paths.includes(path), `${name}: ${path}`);
    for (const part of lesson.hidden) assert.ok(HIDEABLE.has(part), `${name}: ${part}`);
    const again = readSession(writeSession(session));
    assert.deepEqual(again.lesson, lesson);
  }
});
