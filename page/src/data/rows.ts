// The rows of a CSV text, as Python's `csv.reader(lines, skipinitialspace=True, strict=True)` reads them.

import { Refusal } from "../text/refusal.ts";

/** A row, and the number of the line on which it ends, from 1. */
export interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

/** A line's end, a sign of its own, or what stands between them. */
const PIECE = /\r\n|[\r\n",]|[^\r\n",]+/g;

type State = "row begins" | "field begins" | "in field" | "in quotes" | "quotes end";

/** Read all rows; a blank line is a row without fields. */
export function readRows(text: string, source: string): Row[] {
  const rows: Row[] = [];
  let state = "row begins" as State;
  let [line, field] = [1, ""];
  let fields: string[] = [];
  const add = (piece: string, next: State) => {
    field += piece;
    state = next;
  };
  const endField = (next: State) => {
    fields.push(field);
    [field, state] = ["", next];
  };
  const endRow = () => {
    if (state !== "row begins") endField("row begins");
    rows.push({ fields, line });
    fields = [];
  };
  const unreadable = (why: string) =>
    new Refusal(
      `${source}, line ${(rows.at(-1)?.line ?? 0) + 1}: the row cannot be read (${why}); ` +
        "is each quotation mark closed?",
    );
  for (const [piece] of text.matchAll(PIECE)) {
    const isEnd = piece.startsWith("\n") || piece.startsWith("\r");
    if (state === "in quotes") {
      if (piece === '"') state = "quotes end";
      else add(piece, "in quotes");
    } else if (isEnd) endRow();
    else if (piece === ",") endField("field begins");
    else if (state === "quotes end") {
      if (piece !== '"') throw unreadable("',' expected after '\"'");
      add(piece, "in quotes");
    } else if (state === "in field") add(piece, "in field");
    else if (piece === '"') state = "in quotes";
    else {
      const begun = piece.replace(/^ +/, "");
      add(begun, begun === "" ? "field begins" : "in field");
    }
    if (isEnd) line++;
  }
  if (state === "in quotes") throw unreadable("unexpected end of data");
  if (state !== "row begins") endRow();
  return rows;
}
