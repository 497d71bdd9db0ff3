// What a part of the page says of itself: a sentence, what to try, and terms of the glossary.

export interface HelpText {
  /** What it is or does, in one sentence. */
  readonly says: string;
  /** What to try, as a sentence that stands behind "Try:". */
  readonly tries: string;
  readonly terms: readonly string[];
}

export function text(says: string, tries: string, ...terms: readonly string[]): HelpText {
  return { says, tries, terms };
}
