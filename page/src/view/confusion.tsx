// The confusion matrix of the test points.

import type { Result } from "../worker/messages.ts";
import { css, inkOn, mix, type Palette } from "./colours.ts";
import { ShadeLegend } from "./legends.tsx";

interface Properties {
  readonly result: Result;
  /** What the classes are called. */
  readonly names: readonly string[];
  readonly palette: Palette;
}

export function Confusion({ result, names, palette }: Properties) {
  const { classes } = result;
  const labels = Array.from({ length: classes }, (_, k) => k);
  return (
    <>
      <table class="confusion">
        <caption>test points: class in rows, answer in columns</caption>
        <thead>
          <tr>
            <td />
            {labels.map((k) => (
              <th scope="col" key={k} title={names[k]}>{names[k] ?? k}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((row) => {
            const counts = result.confusion.slice(row * classes, (row + 1) * classes);
            const total = Math.max(1, counts.reduce((sum, each) => sum + each, 0));
            return (
              <tr key={row}>
                <th scope="row" title={names[row]}>{names[row] ?? row}</th>
                {counts.map((each, column) => {
                  const fill = mix(palette.surface, palette.accent, 0.06 + (0.94 * each) / total);
                  const style = { background: css(fill), color: inkOn(fill), fontWeight: row === column ? 600 : 400 };
                  return (
                    <td key={column} style={style}>{each}</td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      <ShadeLegend low="none" high="all of the row" palette={palette} />
    </>
  );
}
