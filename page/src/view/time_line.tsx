// The time line: drag it to look back, and let the training go on from there.

import { isLacking } from "../state/point_set.ts";
import { isCatchingUp } from "../state/training.ts";
import type { State } from "../state/state.ts";
import { howItStopped } from "../state/stopping.ts";
import { Button } from "./button.tsx";
import { count } from "./numbers.ts";
import { help } from "./help/help.ts";
import { Invitation } from "./help/tour.tsx";
import type { Properties } from "./properties.ts";

export function TimeLine({ state, dispatch }: Properties) {
  const { result, lookAt } = state;
  const step = result?.step ?? 0;
  const shown = lookAt === null ? step : (result?.shownStep ?? 0);
  const lookByEpochs = (event: KeyboardEvent) => {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    event.preventDefault();
    dispatch({ kind: "look_at_next_epoch", isOn: event.key === "PageUp" });
  };
  return (
    <footer class="footer">
      <label class="time-line">
        <span>time line</span>
        <input
          type="range"
          min={0}
          max={Math.max(1, step)}
          value={lookAt ?? step}
          disabled={step === 0}
          {...help("time_line")}
          aria-valuetext={`update ${shown} of ${step}`}
          onKeyDown={lookByEpochs}
          onInput={(event) => dispatch({ kind: "look_at", step: Number(event.currentTarget.value) })}
        />
      </label>
      <span class="time-line-text" role="status">{whatIs(state, shown)}</span>
      {lookAt !== null && (
        <>
          <Button look="small" {...help("go_on_from_here")} onClick={() => dispatch({ kind: "go_on_from_shown" })}>Go on from here</Button>
          <Button look="small" {...help("back_to_now")} onClick={() => dispatch({ kind: "look_at", step: null })}>Back to now</Button>
        </>
      )}
      {state.help.isInvited && <Invitation dispatch={dispatch} />}
    </footer>
  );
}

function whatIs(state: State, shown: number): string {
  const { result, playing, lookAt, training, fused, revision, failedAt, stopRule, experiment } = state;
  if (isLacking(state)) return "waits for more points";
  if (failedAt === revision) return "failed";
  const slow = fused === false ? " (the slower exact way)" : "";
  if (result === null || result.training !== training) return "is being made";
  if (isCatchingUp(state)) return `trains again up to update ${state.beginAt}`;
  if (lookAt !== null)
    return `epoch ${Math.floor(result.shownEpoch)}, update ${count(shown)} of ${count(result.step)}`;
  if (playing) return `trains${slow}`;
  if (result.ending === "diverged") return "diverged";
  if (result.ending === "stopped early") return `stopped early at epoch ${result.epoch}`;
  return result.ending === "stop rule" ? howItStopped(stopRule, experiment.training.epochs) : "paused";
}
