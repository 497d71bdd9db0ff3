// What to say after an unknown word: Python's `mlplab.spec.refused`.

import { spec } from "./schema.ts";
import { suggestion } from "./suggestion.ts";

/** Why the word is refused, where it is well known, or else which known word may be meant. */
export function hint(word: string, known: readonly string[]): string {
  const name = word.toLowerCase();
  return Object.hasOwn(spec.refused, name) ? spec.refused[name] : suggestion(word, known);
}
