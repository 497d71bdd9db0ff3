// How the network that is shown came to be.

import { changes, describeChange } from "../state/provenance.ts";
import type { State } from "../state/state.ts";
import { STOP_RULES } from "../state/stopping.ts";
import { counted } from "../text/sentence.ts";

export function Provenance({ state }: { readonly state: State }) {
  const { result, seed, stopRule, from } = state;
  const step = result?.shownStep ?? 0;
  const made = changes(state).filter((change) => change.step <= step);
  const way = `${counted(step, "update")}, ${counted(Math.floor(result?.shownEpoch ?? 0), "whole epoch")}`;
  return (
    <div class="provenance">
      {made.length === 0 ? (
        <p>
          The set-up and seed {seed} alone give this network: nothing was changed on its way, and no number was set by
          hand.
        </p>
      ) : (
        <>
          <p>Seed {seed}, and then:</p>
          <ol>
            {made.map((change, i) => (
              <li key={i}>{describeChange(change)}</li>
            ))}
          </ol>
        </>
      )}
      {from !== null && (
        <p class="muted">It goes on from saved numbers, of a link, a file or the time line. They are taken as true.</p>
      )}
      <p class="muted">{way}; stop rule: {STOP_RULES[stopRule]}.</p>
    </div>
  );
}
