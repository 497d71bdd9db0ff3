/** What is wrong with a line, its text or its weights, in one sentence for the user. */
export class LineError extends Error {
  override readonly name = "LineError";
}
