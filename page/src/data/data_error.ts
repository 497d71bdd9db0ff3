import { cut } from "../text/sentence.ts";

/** Samples cannot be used: one sentence for the user, which says where and why. */
export class DataError extends Error {
  override readonly name = "DataError";

  constructor(message: string) {
    super(cut(message));
  }
}
