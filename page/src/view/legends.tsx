// What colours mean: of the classes, of signs, and of the two curves.

import { classColour, css, type Palette } from "./colours.ts";

export function ClassLegend({ names, palette }: { readonly names: readonly string[]; readonly palette: Palette }) {
  return (
    <ul class="legend" aria-label="classes">
      {names.map((name, k) => (
        <li key={name} title={name}>
          <span class="dot" style={{ background: css(classColour(palette, k)) }} />
          {name}
        </li>
      ))}
      <li>
        <span class="ring" />
        wrong
      </li>
    </ul>
  );
}

interface DiagramProperties {
  readonly hasHidden: boolean;
  /** What there is to say of links that are not drawn. */
  readonly said: string;
  readonly palette: Palette;
}

export function DiagramLegend({ hasHidden, said, palette }: DiagramProperties) {
  const stops = [palette.negative, palette.surface, palette.positive].map((colour) => css(colour)).join(", ");
  return (
    <ul class="legend diagram-legend" aria-label="what the colours of the network mean">
      <li>
        weight <i class="stroke" style={{ background: css(palette.negative) }} /> −{" "}
        <i class="stroke" style={{ background: css(palette.positive) }} /> +{" "}
        <i class="stroke dashed" style={{ borderColor: css(palette.zero) }} /> 0
      </li>
      {hasHidden && (
        <li>
          hidden neuron − <i class="bar" style={{ background: `linear-gradient(90deg, ${stops})` }} /> + (to the ± below
          its layer)
        </li>
      )}
      <li>output: full colour is 1</li>
      {said !== "" && <li>{said}</li>}
    </ul>
  );
}
