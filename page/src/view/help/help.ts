// How a part of the page explains itself: by attributes, which the tip shows on hover, focus and tap.
//
//   <Button {...help("play")} …>             a control: its text is that of `texts.ts`
//   <figcaption {...about("curve_loss")}>     what is no control: on hover, and at a click or tap
//   <HelpMark part="plane" name="plane" />    a small "?" beside a picture, which is too busy to explain itself on hover
//   <label {...about("edit_title")}>title <input {...heard("edit_title")} />    a control with its label
//   <section {...picture("plane")}>           the picture itself, for those who point at it
//
// A test in a browser finds controls that have no explanation.

import { plain } from "../../text/sentence.ts";
import { hintOf } from "./hints.ts";
import type { HelpText } from "./help_text.ts";
import { TEXTS, type Part } from "./texts.ts";

export interface HelpAttributes {
  readonly "data-help": string;
  readonly "data-try": string;
  /** Of the glossary. */
  readonly "data-terms": string;
}

/** What explains a part of the page, also to those who hear it. */
export function help(part: Part): HelpAttributes & Heard {
  return { ...about(part), ...heard(part) };
}

interface Heard {
  readonly "aria-description": string;
}

/** What those hear who are on a control within something that has the explanation, as a field with its label. */
export function heard(part: Part): Heard {
  const { says, tries } = TEXTS[part];
  return { "aria-description": `${says} Try: ${tries}` };
}

/** What explains a part of the page that is no control. */
export function about(part: Part): HelpAttributes {
  return attributes(TEXTS[part]);
}

/** What explains a picture: not on hover, for pictures tell of the place under the pointer. */
export function picture(part: Part) {
  return { ...attributes(TEXTS[part]), "data-quiet": "" };
}

/** What explains a field of the set-up, by what Python says of it. */
export function fieldHelp(path: string, says: string): HelpAttributes {
  return attributes({ says: plain(says), ...hintOf(path) });
}

function attributes({ says, tries, terms }: HelpText): HelpAttributes {
  return { "data-help": says, "data-try": tries, "data-terms": terms.join("|") };
}

/** What an element that has such attributes says. */
export function explanationOf({ dataset }: HTMLElement): HelpText {
  const terms = (dataset["terms"] ?? "").split("|").filter((term) => term !== "");
  return { says: dataset["help"] ?? "", tries: dataset["try"] ?? "", terms };
}
