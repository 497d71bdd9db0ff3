// Training points as a hidden layer answers them: what the next layer has to tell apart.

import type { Dispatch } from "../state/actions.ts";
import type { HiddenSpace as Space, Result } from "../worker/messages.ts";
import { Canvas, font } from "./canvas.tsx";
import { classColour, css, type Palette } from "./colours.ts";
import { addMark } from "./marks.ts";

interface Properties {
  readonly result: Result;
  readonly layer: number;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function HiddenSpace({ result, layer, palette, dispatch }: Properties) {
  const count = result.sizes.length - 2;
  const { hidden } = result;
  return (
    <div class="hidden-space">
      <select
        aria-label="hidden layer"
        value={String(Math.min(layer, count))}
        onChange={(event) => dispatch({ kind: "show_layer", layer: Number(event.currentTarget.value) })}
      >
        {Array.from({ length: count }, (_, i) => (
          <option key={i} value={String(i + 1)}>
            hidden layer {i + 1}
          </option>
        ))}
      </select>
      <div class="hidden-box">
        {hidden !== null && (
          <Canvas
            label={`Training points as hidden layer ${hidden.layer} answers them, by ${hidden.axes.join(" and ")}`}
            paint={(context, width, height, unit) => paint(context, hidden, palette, width, height, unit)}
          />
        )}
      </div>
    </div>
  );
}

function paint(
  context: CanvasRenderingContext2D,
  { places, labels, axes }: Space,
  palette: Palette,
  width: number,
  height: number,
  unit: number,
): void {
  const foot = 18 * unit;
  const scaleOf = (axis: 0 | 1, from: number, to: number) => {
    const known = places.filter((value, i) => i % 2 === axis && Number.isFinite(value));
    const low = known.reduce((a, b) => Math.min(a, b), Infinity);
    const high = known.reduce((a, b) => Math.max(a, b), -Infinity);
    return (value: number) => (high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2);
  };
  const x = scaleOf(0, 8, width - 8);
  const y = scaleOf(1, height - foot - 8, 8);
  const paths = new Map<number, Path2D>();
  labels.forEach((label, i) => {
    const [one, other] = [places[2 * i], places[2 * i + 1]];
    if (!Number.isFinite(one) || !Number.isFinite(other)) return;
    const path = paths.get(label) ?? new Path2D();
    paths.set(label, path);
    addMark(path, label, x(one), y(other), 2.4 * unit);
  });
  for (const [label, path] of paths) {
    context.lineWidth = 1.4; // half of it is seen
    context.strokeStyle = css(palette.surface, 0.85);
    context.stroke(path); // below the marks, lest a crowd of them be all edge
    context.fillStyle = css(classColour(palette, label));
    context.fill(path);
  }
  context.font = font(11 * unit);
  context.fillStyle = css(palette.muted);
  context.textAlign = "left";
  if (axes[1] !== "") context.fillText(`↑ ${axes[1]}`, 4, height - 4);
  context.textAlign = "right";
  context.fillText(`${axes[0]} →`, width - 4, height - 4);
}
