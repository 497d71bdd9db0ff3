// What is predicted for the test points against their targets: on the diagonal, a prediction is right.

import type { PlanePoints, Result } from "../worker/messages.ts";
import { Canvas, type Surface, write } from "./canvas.tsx";
import { css, type Palette } from "./colours.ts";
import { ResidualsLegend } from "./legends.tsx";
import { METRICS } from "./metrics.ts";
import { short } from "./numbers.ts";

interface Properties {
  readonly result: Result;
  readonly points: PlanePoints;
  readonly palette: Palette;
}

export function Residuals({ result, points, palette }: Properties) {
  const predicted = result.predictions.test ?? new Float32Array(0);
  const { y } = points.splits.test;
  const said = inWords(predicted, y);
  const { name, write: inUnit } = METRICS[result.metric];
  return (
    <div class="residuals">
      <p class="muted">{said}</p>
      <ResidualsLegend palette={palette} />
      <div class="residuals-box">
        <Canvas
          label={`Predictions against targets of ${y.length} test points, ${name} ${inUnit(result.scores.test.metric)}. ${said}`}
          paint={(surface) => paint(surface, predicted, y, palette)}
        />
      </div>
    </div>
  );
}

/** Mean and standard deviation of the residuals, and the largest. */
function inWords(predicted: Float32Array, y: Float32Array): string {
  const residuals = Array.from(predicted, (value, i) => y[i] - value).filter(Number.isFinite);
  if (residuals.length === 0) return "No prediction is a number.";
  const mean = residuals.reduce((sum, each) => sum + each, 0) / residuals.length;
  const deviation = Math.sqrt(residuals.reduce((sum, each) => sum + (each - mean) ** 2, 0) / residuals.length);
  const largest = residuals.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
  return `Target − prediction: mean ${short(mean)}, standard deviation ${short(deviation)}, largest ${short(largest)}.`;
}

function paint(surface: Surface, predicted: Float32Array, y: Float32Array, palette: Palette): void {
  const { context, width, height, unit } = surface;
  const [left, foot, edge] = [44 * unit, 20 * unit, 6];
  const all = [...y, ...predicted].filter(Number.isFinite);
  const [low, high] = [all.reduce((a, b) => Math.min(a, b), Infinity), all.reduce((a, b) => Math.max(a, b), -Infinity)];
  const range = high > low ? high - low : 1;
  const across = (value: number) => left + edge + ((value - low) / range) * (width - left - 2 * edge);
  const up = (value: number) => height - foot - edge - ((value - low) / range) * (height - foot - 2 * edge);
  context.strokeStyle = css(palette.line);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, 0.5, width - left - 1, height - foot - 1);
  context.fillStyle = css(palette.accent, 0.55);
  predicted.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    context.beginPath();
    context.arc(across(y[i]), up(value), 2.2 * unit, 0, 2 * Math.PI);
    context.fill();
  });
  context.strokeStyle = css(palette.ink);
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(across(low), up(low));
  context.lineTo(across(high), up(high));
  context.stroke();
  const colour = palette.muted;
  write(surface, short(low), left, height - 5, { colour });
  write(surface, "target →", left + (width - left) / 2, height - 5, { colour, align: "center" });
  write(surface, short(high), width - 2, height - 5, { colour, align: "right" });
  write(surface, short(high), left - 4, 11 * unit, { colour, align: "right" });
  write(surface, "pred. ↑", left - 4, (height - foot) / 2, { colour, align: "right" });
  write(surface, short(low), left - 4, height - foot - 2, { colour, align: "right" });
}
