// A text of a lesson, drawn: as text and nothing else, whatever stands in it.

import { blocksOf, type Line } from "../../lessons/markup.ts";

export function Markup({ text }: { readonly text: string }) {
  return (
    <div class="markup">
      {blocksOf(text).map(({ kind, lines }, i) =>
        kind === "paragraph" ? (
          <p key={i}>{spans(lines[0])}</p>
        ) : (
          <ul key={i}>
            {lines.map((line, j) => (
              <li key={j}>{spans(line)}</li>
            ))}
          </ul>
        ),
      )}
    </div>
  );
}

function spans(line: Line) {
  return line.map(({ kind, text }, i) => {
    if (kind === "strong") return <strong key={i}>{text}</strong>;
    if (kind === "emphasis") return <em key={i}>{text}</em>;
    return kind === "code" ? <code key={i}>{text}</code> : text;
  });
}
