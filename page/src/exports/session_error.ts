import { cut } from "../text/sentence.ts";

/** Something that was opened is no session: one sentence for the user. */
export class SessionError extends Error {
  override readonly name = "SessionError";

  constructor(message: string) {
    super(cut(message));
  }
}
