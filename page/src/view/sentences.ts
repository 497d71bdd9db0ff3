// What Python's package says, as sentences of the page.

import { sentence } from "../text/sentence.ts";

/** A message: with a capital and a full stop, and names as the page writes them, but for what is quoted. */
export function asSentence(message: string): string {
  const text = message.replace(/'[^']*'|[_`*]/g, (part) => ({ "_": " ", "`": "", "*": "" })[part] ?? part);
  return sentence(text);
}

/** Without the marks of code and emphasis. */
export function plain(text: string): string {
  return text.replace(/[`*]/g, "");
}

/** A name of the spec as one reads it. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}
