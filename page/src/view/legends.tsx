// What colours mean: of the classes, of targets, of signs, and of the two curves.

import { classColour, css, type Palette } from "./colours.ts";
import { short } from "./numbers.ts";
import { gradientOf, type Scale } from "./surface.ts";

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

/** The scale of a target, of surface and points alike. */
export function SurfaceLegend({ scale: { low, high, step } }: { readonly scale: Scale }) {
  return (
    <ul class="legend surface-legend" aria-label="target">
      <li>
        y {short(low)} <i class="bar" style={{ background: gradientOf() }} /> {short(high)}
      </li>
      <li>lines {short(step)} apart</li>
    </ul>
  );
}

interface DiagramProperties {
  readonly hasHidden: boolean;
  /** Whether the output predicts a target. */
  readonly ofTarget: boolean;
  /** What there is to say of links that are not drawn. */
  readonly said: string;
  readonly palette: Palette;
}

export function DiagramLegend({ hasHidden, ofTarget, said, palette }: DiagramProperties) {
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
      <li>output: {ofTarget ? "the colours of the plane" : "full colour is 1"}</li>
      {said !== "" && <li>{said}</li>}
    </ul>
  );
}
