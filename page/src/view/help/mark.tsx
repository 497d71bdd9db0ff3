// A small "?" beside a picture: it explains the picture on hover and focus, and stays at a click or tap.

import { help, type HelpAttributes } from "./help.ts";
import type { Part } from "./texts.ts";

interface Properties {
  readonly part: Part;
  /** What is explained, for those who hear the page. */
  readonly name: string;
}

export function HelpMark({ part, name }: Properties) {
  return (
    <button type="button" class="help-mark" aria-label={`help: ${name}`} data-pins="" {...help(part)}>?</button>
  );
}

/** The "?" of a field, where there is no pointer that could hover; keys have the field itself. */
export function FieldMark({ explained }: { readonly explained: HelpAttributes }) {
  return (
    <button type="button" class="help-mark of-field" aria-label="explain this" tabIndex={-1} data-pins="" {...explained}>
      ?
    </button>
  );
}
