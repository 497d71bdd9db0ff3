// What Python's package says, as sentences of the page.

/** A message: with a capital and a full stop, and names as the page writes them, but for what is quoted. */
export function asSentence(message: string): string {
  const text = message.replace(/'[^']*'|[_`*]/g, (part) => ({ "_": " ", "`": "", "*": "" })[part] ?? part);
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Without the marks of code and emphasis. */
export function plain(text: string): string {
  return text.replace(/[`*]/g, "");
}

/** A name of the spec as one reads it. */
export function words(name: string): string {
  return name.replaceAll("_", " ");
}
