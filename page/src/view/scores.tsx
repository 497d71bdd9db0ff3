// The numbers of the network that is shown.

import type { SplitName } from "../engine/experiment.ts";
import type { Result } from "../worker/messages.ts";
import { METRICS } from "./metrics.ts";
import { count, loss } from "./numbers.ts";

export function Scores({ result }: { readonly result: Result | null }) {
  const { short, write } = METRICS[result?.metric ?? "accuracy"];
  const metric = (split: SplitName) => (result === null ? "–" : write(result.scores[split].metric));
  const tiles: readonly (readonly [string, string])[] = [
    ["epoch", result === null ? "–" : count(Math.floor(result.shownEpoch))],
    ["update", result === null ? "–" : count(result.shownStep)],
    [`${short} training`, metric("train")],
    [`${short} validation`, metric("validation")],
    [`${short} test`, metric("test")],
    ["loss, test", result === null ? "–" : loss(result.scores.test.loss)],
  ];
  const { scores, penalty } = result ?? { scores: null, penalty: null };
  const penalised = scores === null || penalty === null ? [] : [["with penalty", loss(scores.test.loss + penalty)] as const];
  return (
    <dl class={penalised.length > 0 ? "tiles penalised" : "tiles"} aria-label="scores">
      {[...tiles, ...penalised].map(([name, value]) => (
        <div class={`tile ${name === `${short} test` ? "tile-test" : ""}`} key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
