// How the network that is shown came to be.

import { changes, describeChange } from "../state/provenance.ts";
import type { State } from "../state/state.ts";

export function Provenance({ state }: { readonly state: State }) {
  const made = changes(state);
  return (
    <div class="provenance">
      {made.length === 0 ? (
        <p>
          The set-up and seed {state.seed} alone give this network: nothing was changed on its way, and no number was set
          by hand.
        </p>
      ) : (
        <>
          <p>Seed {state.seed}, and then:</p>
          <ol>
            {made.map((change, i) => (
              <li key={i}>{describeChange(change)}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
