// The header: preset, play and its companions, speed, seed.

import type { Dispatch } from "../state/actions.ts";
import { presetOf, PRESETS } from "../state/presets.ts";
import { SPEEDS } from "../state/speeds.ts";
import type { State } from "../state/state.ts";
import { TextField } from "./form/fields.tsx";

const OWN = "own set-up"; // stands in the menu of presets for none of them

export function Controls({ state, dispatch }: { readonly state: State; readonly dispatch: Dispatch }) {
  const preset = presetOf(state);
  const { wrongSeed } = state;
  return (
    <div class="controls" role="group" aria-label="training controls">
      <select
        class="preset"
        aria-label="preset"
        value={preset?.title ?? OWN}
        onChange={(event) => dispatch({ kind: "choose_preset", title: event.currentTarget.value })}
      >
        {PRESETS.map(({ title }) => (
          <option key={title} value={title}>
            {title}
          </option>
        ))}
        {preset === null && <option value={OWN}>{OWN}</option>}
      </select>
      <button type="button" class="button primary" onClick={() => dispatch({ kind: "toggle_play" })}>
        {state.playing ? "❚❚ Pause" : "▶ Play"}
      </button>
      <button type="button" class="button" onClick={() => dispatch({ kind: "train_update" })}>
        +1 update
      </button>
      <button type="button" class="button" onClick={() => dispatch({ kind: "train_epoch" })}>
        +1 epoch
      </button>
      <button type="button" class="button" onClick={() => dispatch({ kind: "reset" })}>
        Reset
      </button>
      <select
        aria-label="speed"
        value={state.speed.title}
        onChange={(event) => {
          const speed = SPEEDS.find(({ title }) => title === event.currentTarget.value);
          if (speed !== undefined) dispatch({ kind: "set_speed", speed });
        }}
      >
        {SPEEDS.map(({ title }) => (
          <option key={title} value={title}>
            {title}
          </option>
        ))}
      </select>
      <TextField
        id="seed"
        className="seed"
        label="seed"
        shown={String(wrongSeed?.entered ?? state.seed)}
        message={wrongSeed?.message ?? ""}
        onEnter={(text) => dispatch({ kind: "set_seed", seed: text })}
      />
      <button type="button" class="button" onClick={() => dispatch({ kind: "next_seed" })}>
        New seed
      </button>
    </div>
  );
}
