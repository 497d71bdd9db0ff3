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

const LONGEST_FIELD = 131_072;

type State = "field begins" | "in field" | "in quotes" | "quotes end";

/** Read all rows; a blank line is a row without fields. */
export function readRows(text: string): Row[] {
  const rows: Row[] = [];
  let [line, at] = [0, 0];
  while (at < text.length) {
    const fields: string[] = [];
    let [state, field, length]: [State, string, number] = ["field begins", "", 0];
    const add = (character: string) => {
      if (++length > LONGEST_FIELD) throw new RowError(`field larger than field limit (${LONGEST_FIELD})`, rows);
      field += character;
    };
    const save = () => {
      fields.push(field);
      [state, field, length] = ["field begins", "", 0];
    };
    let isOpen = true;
    let isBlank = true;
    while (isOpen) {
      if (at >= text.length) {
        if (state === "in quotes") throw new RowError("unexpected end of data", rows);
        line++;
        break;
      }
      const character = String.fromCodePoint(text.codePointAt(at) as number);
      at += character.length;
      const isEnd = character === "\n" || character === "\r";
      const end = character === "\r" && text[at] === "\n" ? "\r\n" : character;
      at += isEnd ? end.length - 1 : 0;
      if (isEnd) line++;
      if (state === "in quotes") {
        if (character === '"') state = "quotes end";
        else if (isEnd) [...end].forEach(add);
        else add(character);
        continue;
      }
      if (isEnd) isOpen = false;
      else if (character === ",") save();
      else if (character === '"' && state === "field begins") state = "in quotes";
      else if (character === '"' && state === "quotes end") {
        add(character);
        state = "in quotes";
      } else if (state === "quotes end") throw new RowError("',' expected after '\"'", rows);
      else if (character !== " " || state !== "field begins") {
        add(character);
        state = "in field";
      }
      if (!isEnd) isBlank = false;
    }
    if (!isBlank || state !== "field begins") save();
    rows.push({ fields, line });
  }
  return rows;
}
