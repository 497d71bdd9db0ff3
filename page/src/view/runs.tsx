// A hundred runs of the set-up from other seeds, and where this run stands among them.

import type { Dispatch } from "../state/actions.ts";
import { canonical } from "../state/canonical.ts";
import { changes, isPlain } from "../state/provenance.ts";
import type { Hundred, State } from "../state/state.ts";
import { Canvas, font } from "./canvas.tsx";
import { css, type Palette } from "./colours.ts";
import { percent } from "./numbers.ts";

interface Properties {
  readonly state: State;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function Runs({ state, palette, dispatch }: Properties) {
  const { hundred, result } = state;
  const isRunning = hundred?.running ?? false;
  return (
    <div class="runs">
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={() => dispatch({ kind: isRunning ? "stop_hundred" : "train_hundred" })}
        >
          {isRunning ? "Stop" : "Train a hundred"}
        </button>
        {hundred !== null && (
          <span role="status">
            {hundred.runs.length} of {hundred.seeds.length}
            {isRunning ? " are trained …" : " are trained."}
          </span>
        )}
      </div>
      {hundred !== null && hundred.runs.length > 0 && (
        <>
          <p>{verdict(state, hundred)}</p>
          <Canvas
            className="strip"
            label={describeRuns(hundred)}
            paint={(context, width, height, unit) =>
              paintStrip(context, hundred, result?.scores.test.accuracy ?? NaN, palette, width, height, unit)
            }
          />
          <p class="muted">{describeRuns(hundred)}</p>
        </>
      )}
      {hundred === null && <p class="muted">The hundred seeds after this one, with the same set-up.</p>}
    </div>
  );
}

/** Where this run stands, if it was trained as the hundred were; else the reason why nothing is said of it. */
function verdict(state: State, hundred: Hundred): string {
  const { result } = state;
  if (canonical(state.experiment) !== canonical(hundred.experiment))
    return "The set-up is another one than that of the hundred: this run is not compared.";
  if (hundred.running) return "This run is compared when all are trained.";
  if (!isPlain(state))
    return `This run was changed ${changes(state).length} times on its way, the hundred were not: it is not compared.`;
  if (hundred.seeds.includes(state.seed)) return "This run is one of the hundred: it is not compared with itself.";
  const epochs = state.experiment.training.epochs;
  if (result === null || result.shownEpoch !== epochs)
    return `The hundred are trained for ${epochs} epochs: this run is compared when it is, too.`;
  const known = accuracies(hundred);
  const below = known.filter((accuracy) => accuracy < result.scores.test.accuracy).length;
  return `This run is better than ${below} of ${known.length}.`;
}

function accuracies({ runs }: Hundred): number[] {
  return runs.filter(({ diverged }) => !diverged).map(({ accuracy }) => accuracy);
}

function describeRuns(hundred: Hundred): string {
  const known = accuracies(hundred).sort((one, other) => one - other);
  const diverged = hundred.runs.length - known.length;
  if (known.length === 0) return `All ${diverged} runs diverged.`;
  const median = (known[Math.floor((known.length - 1) / 2)] + known[Math.ceil((known.length - 1) / 2)]) / 2;
  const range = `from ${percent(known[0])} to ${percent(known[known.length - 1])}`;
  return `Test accuracy of ${known.length} runs: median ${percent(median)}, ${range}; ${diverged} diverged.`;
}

function paintStrip(
  context: CanvasRenderingContext2D,
  hundred: Hundred,
  mine: number,
  palette: Palette,
  width: number,
  height: number,
  unit: number,
): void {
  const known = accuracies(hundred);
  if (known.length === 0) return;
  const isKnown = Number.isFinite(mine);
  const low = Math.min(...known, ...(isKnown ? [mine] : []));
  const high = Math.max(...known, ...(isKnown ? [mine] : []));
  const room = width - 24;
  const [top, foot] = [16 * unit, height - 18 * unit];
  const bins = Math.max(10, Math.floor(room / (7 * unit)));
  const place = (accuracy: number) => (high > low ? (accuracy - low) / (high - low) : 0.5);
  const counts = Array<number>(bins).fill(0);
  const binned = known.map((accuracy) => {
    const bin = Math.min(bins - 1, Math.floor(place(accuracy) * bins));
    return { bin, above: counts[bin]++ };
  });
  const radius = Math.min(3 * unit, (foot - top) / (2 * Math.max(...counts)));
  context.fillStyle = css(palette.accent, 0.65);
  for (const { bin, above } of binned) {
    context.beginPath();
    context.arc(12 + ((bin + 0.5) / bins) * room, foot - radius * (2 * above + 1), radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.fillStyle = css(palette.line);
  context.fillRect(12, foot, room, 1);
  context.font = font(11 * unit);
  context.fillStyle = css(palette.muted);
  context.textAlign = "left";
  context.fillText(percent(low), 12, height - 4);
  context.textAlign = "right";
  context.fillText(percent(high), width - 12, height - 4);
  context.textAlign = "center";
  context.fillText("test accuracy", width / 2, height - 4);
  if (!isKnown) return;
  const x = 12 + place(mine) * room;
  context.fillStyle = css(palette.ink);
  context.fillRect(x - 1, top - 2, 2, foot - top + 2);
  context.textAlign = x > width - 50 ? "right" : x < 50 ? "left" : "center";
  context.fillText("this run", x, top - 5);
}
