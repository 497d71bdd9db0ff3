// What colours mean: of the classes, of signs, and of the two curves.

import { classColour, css, type Palette } from "./colours.ts";
import { short } from "./numbers.ts";

export function ClassLegend({ classes, palette }: { readonly classes: number; readonly palette: Palette }) {
  return (
    <ul class="legend" aria-label="classes">
      {Array.from({ length: classes }, (_, k) => (
        <li key={k}>
          <span class="dot" style={{ background: css(classColour(palette, k)) }} />
          {k}
        </li>
      ))}
      <li>
        <span class="ring" />
        wrong
      </li>
    </ul>
  );
}

export function DiagramLegend({ scale, palette }: { readonly scale: number; readonly palette: Palette }) {
  const stops = [palette.negative, palette.surface, palette.positive].map((colour) => css(colour)).join(", ");
  return (
    <ul class="legend diagram-legend" aria-label="what the colours of the network mean">
      <li>
        weight <i class="stroke" style={{ background: css(palette.negative) }} /> negative{" "}
        <i class="stroke" style={{ background: css(palette.positive) }} /> positive{" "}
        <i class="stroke dashed" style={{ borderColor: css(palette.zero) }} /> 0
      </li>
      {scale > 0 && (
        <li>
          hidden neuron {short(-scale)} <i class="bar" style={{ background: `linear-gradient(90deg, ${stops})` }} />{" "}
          {short(scale)}
        </li>
      )}
      <li>output: its class's colour is 1, none is 0</li>
    </ul>
  );
}
