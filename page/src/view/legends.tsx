// What colours mean: a legend for each palette that a picture has.

import { classColour, css, mix, type Palette } from "./colours.ts";
import { short } from "./numbers.ts";
import { gradientOf, type Scale } from "./surface.ts";

const FEW = 3; // classes that have room beside a menu or a row of buttons

interface ClassProperties {
  readonly names: readonly string[];
  readonly palette: Palette;
  /** Whether the plane is meant, which has regions and rings besides points. */
  readonly ofPlane: boolean;
}

export function ClassLegend({ names, palette, ofPlane }: ClassProperties) {
  return (
    <ul class={names.length > FEW ? "legend wide" : "legend"} aria-label="classes">
      {names.map((name, k) => (
        <li key={name} title={name}>
          <span class="dot" style={{ background: css(classColour(palette, k)) }} />
          {name}
        </li>
      ))}
      {ofPlane && (
        <>
          <li>
            <span class="ring" />
            wrong
          </li>
          <li>pale: unsure</li>
        </>
      )}
    </ul>
  );
}

interface ShadeProperties {
  /** What the palest and the strongest shade stand for. */
  readonly low: string;
  readonly high: string;
  readonly palette: Palette;
}

/** Of cells that are the stronger, the more there is of something. */
export function ShadeLegend({ low, high, palette }: ShadeProperties) {
  const stops = [0.07, 0.95].map((fraction) => css(mix(palette.surface, palette.accent, fraction))).join(", ");
  return (
    <ul class="legend" aria-label="what the shades mean">
      <li>
        {low} <i class="bar" style={{ background: `linear-gradient(90deg, ${stops})` }} /> {high}
      </li>
    </ul>
  );
}

/** Of the weights by their signs. */
export function SignLegend({ palette }: { readonly palette: Palette }) {
  const signs = [["below 0", palette.negative], ["about 0", palette.zero], ["above 0", palette.positive]] as const;
  return (
    <ul class="legend" aria-label="what the colours of the weights mean">
      {signs.map(([name, colour]) => (
        <li key={name}>
          <span class="dot" style={{ background: css(colour) }} />
          {name}
        </li>
      ))}
    </ul>
  );
}

/** Of runs as dots over an axis. */
export function RunsLegend({ hasMean, palette }: { readonly hasMean: boolean; readonly palette: Palette }) {
  return (
    <ul class="legend" aria-label="what dots and bar mean">
      <li>
        <span class="dot" style={{ background: css(palette.accent, 0.65) }} />a run
      </li>
      {hasMean && (
        <li>
          <i class="stroke" style={{ background: css(palette.ink) }} /> mean of the middle half (95 %)
        </li>
      )}
    </ul>
  );
}

/** Of predictions against targets. */
export function ResidualsLegend({ palette }: { readonly palette: Palette }) {
  return (
    <ul class="legend" aria-label="what dots and line mean">
      <li>
        <span class="dot" style={{ background: css(palette.accent, 0.55) }} />a test point
      </li>
      <li>
        <i class="stroke" style={{ background: css(palette.ink) }} /> a right prediction
      </li>
    </ul>
  );
}

/** Of the lines of task 3 on the plane. */
export function LineLegend({ palette }: { readonly palette: Palette }) {
  return (
    <ul class="legend" aria-label="the lines on the plane">
      <li>
        <i class="stroke" style={{ background: css(palette.ink) }} /> drawn
      </li>
      <li>
        <i class="stroke dashed" style={{ borderColor: css(palette.ink) }} /> wanted
      </li>
      <li>
        <span class="ring" style={{ borderColor: css(palette.accent) }} />
        handle
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
