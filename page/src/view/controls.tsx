// The header: preset, play and its companions, speed, seed.

import { presetOf, PRESETS } from "../state/presets.ts";
import { isHidden, isLockedNow } from "../state/lesson.ts";
import { SPEEDS } from "../state/speeds.ts";
import { Button } from "./button.tsx";
import { Select } from "./choices.tsx";
import { TextField } from "./form/fields.tsx";
import { Lock, LOCKED } from "./lesson/lock.tsx";
import { help } from "./help/help.ts";
import type { Properties } from "./properties.ts";

const OWN = "own set-up"; // stands in the menu of presets for none of them

export function Controls({ state, dispatch }: Properties) {
  const preset = presetOf(state);
  const { wrongSeed } = state;
  const isSeedLocked = isLockedNow(state, "seed");
  const titles = [...PRESETS.map(({ title }) => title), ...(preset === null ? [OWN] : [])];
  return (
    <div class="controls" role="group" aria-label="training controls">
      {!isHidden(state, "presets") && (
        <Select
          class="preset"
          aria-label="preset"
          {...help("preset")}
          chosen={preset?.title ?? OWN}
          options={titles.map((title) => [title, title])}
          onChoose={(title) => dispatch({ kind: "choose_preset", title })}
        />
      )}
      <Button look="primary" data-tour="play" {...help("play")} onClick={() => dispatch({ kind: "toggle_play" })}>
        {state.playing ? "❚❚ Pause" : "▶ Play"}
      </Button>
      <Button {...help("one_update")} onClick={() => dispatch({ kind: "train_update" })}>+1 update</Button>
      <Button {...help("one_epoch")} onClick={() => dispatch({ kind: "train_epoch" })}>+1 epoch</Button>
      <Button {...help("reset")} onClick={() => dispatch({ kind: "reset" })}>Reset</Button>
      {!isHidden(state, "speed") && (
        <Select
          aria-label="speed"
          {...help("speed")}
          chosen={state.speed.title}
          options={SPEEDS.map(({ title }) => [title, title])}
          onChoose={(chosen) => {
            const speed = SPEEDS.find(({ title }) => title === chosen);
            if (speed !== undefined) dispatch({ kind: "set_speed", speed });
          }}
        />
      )}
      {!isHidden(state, "seed") && (
        <Lock isOn={isSeedLocked}>
          <TextField
            id="seed"
            className="seed"
            label="seed"
            tag={isSeedLocked ? LOCKED : null}
            explained={help("seed")}
            shown={String(wrongSeed?.entered ?? state.seed)}
            message={wrongSeed?.message ?? ""}
            onEnter={(text) => dispatch({ kind: "set_seed", seed: text })}
          />
          <Button {...help("new_seed")} onClick={() => dispatch({ kind: "next_seed" })}>New seed</Button>
        </Lock>
      )}
    </div>
  );
}
