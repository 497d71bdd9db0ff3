// What the controls of lessons say of themselves: those of a student, and those of the author.

import { type HelpText, text } from "./help_text.ts";

export const LESSON_TEXTS = {
  // ---- Gone through ----
  lesson: text(
    "A lesson: read, predict, try it on this page, and compare.",
    "answer its first question before you press Play.",
  ),
  lesson_choice: text(
    "One of the answers to choose from; nothing is judged until you press the button below.",
    "choose what you expect, even if you are not sure.",
  ),
  lesson_number: text(
    "Your answer as a number, with a point or a comma, with or without a per cent sign.",
    "type 98.83.",
  ),
  lesson_text: text(
    "Your answer in your own words; nobody judges it, and it is kept with the session.",
    "write a sentence, and compare it with the answer.",
  ),
  lesson_predict: text(
    "Keeps what you expect; it is not judged, and the next question appears.",
    "predict, train, and compare both.",
  ),
  lesson_answer: text(
    "Says whether the answer is right; you can answer as often as you like.",
    "look at the page again if it is not right.",
  ),
  lesson_show_answer: text("Shows the right answer, and why it is right.", "do what the question asks before you look."),
  lesson_begin_again: text(
    "Brings back the set-up that the lesson begins with, at its first update; your answers stay.",
    "press it when you have changed more than you wanted.",
  ),
  lesson_leave: text(
    "Closes the lesson, and shows and unlocks all controls.",
    "go on by yourself; “Lessons”, at the top, leads back to it.",
  ),
  lesson_show_locked: text(
    "Shows the fields that the lesson locks, too: they can be read and not changed.",
    "look what data and network the lesson has.",
  ),

  // ---- Written ----
  lesson_editor: text(
    "Here you write a lesson; the rest of the page is what it begins with.",
    "set up data and network first, and then write the note.",
  ),
  edit_title: text("The heading of the lesson.", "make it a question that the lesson answers."),
  edit_note: text(
    "What a student reads before the first question.",
    "say what is set up, and which fields are theirs to change.",
  ),
  edit_add: text("Adds a question; a student sees it once the one before it is answered.", "begin with a prediction."),
  edit_remove: text("Removes this question.", "remove it if the answer before it tells what it asks."),
  edit_question: text("What is asked.", "name the number on the page that is to be read, and the seed."),
  edit_kind: text(
    "How a student answers: by one of several choices, by a number, or by a text that nobody judges.",
    "ask for a number that they read from the page.",
  ),
  edit_prediction: text(
    "A prediction is kept and compared, and never called wrong.",
    "ask for one before anything is tried.",
  ),
  edit_right: text("Marks the choice that is right.", "let no two choices be right."),
  edit_choice: text("A choice, as a student reads it.", "write down an error that students make."),
  edit_remove_choice: text("Removes this choice; two are the least.", "leave those that one might believe in."),
  edit_add_choice: text("Adds a choice.", "three or four are enough."),
  edit_answer: text("The right number.", "train from the lesson's seed, and copy the number from the page."),
  edit_tolerance: text("So far off, an answer is right, too.", "type 0.05 for a number that is rounded to one digit."),
  edit_explanation: text(
    "What is shown with the right answer: why it is right.",
    "say what a hundred runs do, and not only this one.",
  ),
  edit_hide: text(
    "Takes this part of the page away while a student goes through the lesson.",
    "hide what is not needed, and look at it as a student.",
  ),
  edit_lock: text(
    "Lets a student change only the fields that are checked below it.",
    "leave open the one field that the lesson is about, and the seed.",
  ),
  edit_changeable: text(
    "Leaves this to the student; a part of the set-up has all of its fields with it.",
    "check few: what is open is what they will try.",
  ),
  edit_goes_on: text(
    "The student's page trains up to where the training is now, instead of beginning at the first update.",
    "use it to ask about a network that is stuck.",
    "update",
  ),
  edit_link: text(
    "Makes a link that has the whole lesson in it, and copies it.",
    "open it in another window, and go through it.",
  ),
  edit_file: text(
    "Saves the lesson as a file, which “Files” opens; you can go on writing from it, too.",
    "take the file where a program cuts long links.",
  ),
  edit_preview: text("Shows the lesson as a student sees it, without answers.", "answer a question wrongly."),
  edit_back: text("Goes back from the student's view to writing.", "shorten what you did not like to read."),
  edit_close: text("Closes the editor.", "save the file first: the lesson is kept nowhere else."),
  edit_lose: text("Closes the editor, and the lesson is lost.", "save its file first."),
  edit_go_on: text("Keeps the editor open.", "copy the link or save the file now."),
} as const satisfies Readonly<Record<string, HelpText>>;
