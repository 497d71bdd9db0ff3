import { cut } from "./sentence.ts";

/** What the user gave cannot be used: one sentence for them, which says what was expected, what came, and where. */
export class Refusal extends Error {
  override readonly name: string = "Refusal";

  constructor(message: string) {
    super(cut(message));
  }
}
