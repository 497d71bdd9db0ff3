// Training points as a hidden layer answers them: what the next layer has to tell apart.

import type { Dispatch } from "../state/actions.ts";
import type { HiddenSpace as Space, Result } from "../worker/messages.ts";
import { Canvas, type Surface, write } from "./canvas.tsx";
import { Select } from "./choices.tsx";
import { help } from "./help/help.ts";
import type { Palette } from "./colours.ts";
import { ClassLegend, SurfaceLegend } from "./legends.tsx";
import { paintMarks, paintTargets } from "./marks.ts";
import type { Scale } from "./surface.ts";

interface Properties {
  readonly result: Result;
  readonly layer: number;
  /** What the classes are called. */
  readonly names: readonly string[];
  /** Of the target; null where there are classes. */
  readonly scale: Scale | null;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function HiddenSpace({ result, layer, names, scale, palette, dispatch }: Properties) {
  const count = result.sizes.length - 2;
  const { hidden } = result;
  return (
    <div class="hidden-space">
      <div class="row">
        <Select
          aria-label="hidden layer"
          {...help("hidden_layer")}
          chosen={String(Math.min(layer, count))}
          options={Array.from({ length: count }, (_, i) => [String(i + 1), `hidden layer ${i + 1}`])}
          onChoose={(chosen) => dispatch({ kind: "show_layer", layer: Number(chosen) })}
        />
        {scale === null ? <ClassLegend names={names} palette={palette} ofPlane={false} /> : <SurfaceLegend scale={scale} />}
      </div>
      <div class="hidden-box">
        {hidden !== null && (
          <Canvas
            label={`Training points as hidden layer ${hidden.layer} answers them, by ${hidden.axes.join(" and ")}`}
            paint={(surface) => paint(surface, hidden, scale, palette)}
          />
        )}
      </div>
    </div>
  );
}

function paint(surface: Surface, { places, y: answers, axes }: Space, target: Scale | null, palette: Palette): void {
  const { context, width, height, unit } = surface;
  const foot = 18 * unit;
  const scaleOf = (axis: 0 | 1, from: number, to: number) => {
    const known = places.filter((value, i) => i % 2 === axis && Number.isFinite(value));
    const low = known.reduce((a, b) => Math.min(a, b), Infinity);
    const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
    return (value: number) => (high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2);
  };
  const x = scaleOf(0, 8, width - 8);
  const y = scaleOf(1, height - foot - 8, 8);
  const placeOf = (i: number) => [x(places[2 * i]), y(places[2 * i + 1])] as const;
  if (target === null) paintMarks(context, answers, placeOf, 2.4 * unit, palette);
  else paintTargets(context, answers, target, placeOf, 2.4 * unit, palette);
  const colour = palette.muted;
  if (axes[1] !== "") write(surface, `↑ ${axes[1]}`, 4, height - 4, { colour });
  write(surface, `${axes[0]} →`, width - 4, height - 4, { colour, align: "right" });
}
