// The rows of a CSV text, as Python's `csv.reader(lines, skipinitialspace=True, strict=True)` reads them.

/** A row, and the number of the line on which it ends, from 1. */
export interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

/** A text that is no CSV; the message is Python's, without the place. */
export class RowError extends Error {
  override readonly name = "RowError";
  /** Where the row begins that cannot be read. */
  readonly line: number;

  constructor(message: string, rows: readonly Row[]) {
    super(message);
    this.line = (rows.at(-1)?.line ?? 0) + 1;
  }
}

const LONGEST_FIELD = 131_072; // characters

/** A line's end, a sign of its own, or what stands between them. */
const PIECE = /\r\n|[\r\n",]|[^\r\n",]+/g;

type State = "row begins" | "field begins" | "in field" | "in quotes" | "quotes end";

/** Read all rows; a blank line is a row without fields. */
export function readRows(text: string): Row[] {
  const rows: Row[] = [];
  let state = "row begins" as State;
  let [line, field, length] = [1, "", 0];
  let fields: string[] = [];
  const add = (piece: string, next: State) => {
    field += piece;
    length += [...piece].length;
    if (length > LONGEST_FIELD)
      throw new RowError(`field larger than field limit (${LONGEST_FIELD})`, rows);
    state = next;
  };
  const endField = (next: State) => {
    fields.push(field);
    [field, length, state] = ["", 0, next];
  };
  const endRow = () => {
    if (state !== "row begins") endField("row begins");
    rows.push({ fields, line });
    fields = [];
  };
  for (const [piece] of text.matchAll(PIECE)) {
    const isEnd = piece.startsWith("\n") || piece.startsWith("\r");
    if (state === "in quotes") {
      if (piece === '"') state = "quotes end";
      else add(piece, "in quotes");
    } else if (isEnd) endRow();
    else if (piece === ",") endField("field begins");
    else if (state === "quotes end") {
      if (piece !== '"') throw new RowError("',' expected after '\"'", rows);
      add(piece, "in quotes");
    } else if (state === "in field") add(piece, "in field");
    else if (piece === '"') state = "in quotes";
    else {
      const begun = piece.replace(/^ +/, "");
      add(begun, begun === "" ? "field begins" : "in field");
    }
    if (isEnd) line++;
  }
  if (state === "in quotes") throw new RowError("unexpected end of data", rows);
  if (state !== "row begins") endRow();
  return rows;
}
