// The markup of lessons: paragraphs, lists, emphasis and code. There is nothing else, so that nothing of a
// stranger's lesson is executed or loaded.
//
//   An empty line begins another paragraph; lines that begin with "- " are a list.
//   **strong**, *emphasis*, `code`

interface Span {
  readonly kind: "text" | "strong" | "emphasis" | "code";
  readonly text: string;
}

export type Line = readonly Span[];

export interface Block {
  readonly kind: "paragraph" | "list";
  /** Of a paragraph one; of a list its items. */
  readonly lines: readonly Line[];
}

export function blocksOf(text: string): readonly Block[] {
  return text
    .replaceAll("\r", "")
    .split(/\n[ \t]*\n/)
    .flatMap((part) => blocksWithin(part.split("\n").filter((line) => line.trim() !== "")));
}

/** Lines without an empty one between: paragraphs and lists, as they follow each other. */
function blocksWithin(lines: readonly string[]): Block[] {
  const blocks: { kind: Block["kind"]; texts: string[] }[] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (line.startsWith("- ")) {
      if (last?.kind === "list") last.texts.push(line.slice(2));
      else blocks.push({ kind: "list", texts: [line.slice(2)] });
    } else if (last === undefined) blocks.push({ kind: "paragraph", texts: [line] });
    else if (last.kind === "list" && !/^\s/.test(line)) blocks.push({ kind: "paragraph", texts: [line] });
    else last.texts.push(`${last.texts.pop()} ${line.trim()}`); // the line goes on
  }
  return blocks.map(({ kind, texts }) => ({ kind, lines: texts.map(spansOf) }));
}

const MARKED = /\*\*([^*]+)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*|`([^`]+)`/g;

export function spansOf(text: string): Line {
  const spans: Span[] = [];
  const put = (kind: Span["kind"], part: string) => {
    if (part !== "") spans.push({ kind, text: part });
  };
  let at = 0;
  for (const found of text.matchAll(MARKED)) {
    const [all, strong, emphasis, code] = found;
    put("text", text.slice(at, found.index));
    if (strong !== undefined) put("strong", strong);
    else if (emphasis !== undefined) put("emphasis", emphasis);
    else put("code", code ?? "");
    at = found.index + all.length;
  }
  put("text", text.slice(at));
  return spans;
}
