// The numbers of the network that is shown.

import type { Result } from "../worker/messages.ts";
import { count, loss, percent } from "./numbers.ts";

export function Scores({ result }: { readonly result: Result | null }) {
  const tiles: readonly (readonly [string, string])[] = [
    ["epoch", result === null ? "–" : count(Math.floor(result.shownEpoch))],
    ["update", result === null ? "–" : count(result.shownStep)],
    ["acc. training", result === null ? "–" : percent(result.scores.train.accuracy)],
    ["acc. validation", result === null ? "–" : percent(result.scores.validation.accuracy)],
    ["acc. test", result === null ? "–" : percent(result.scores.test.accuracy)],
    ["loss, test", result === null ? "–" : loss(result.scores.test.loss)],
  ];
  const { scores, penalty } = result ?? { scores: null, penalty: null };
  const penalised = scores === null || penalty === null ? [] : [["with penalty", loss(scores.test.loss + penalty)] as const];
  return (
    <dl class={penalised.length > 0 ? "tiles penalised" : "tiles"} aria-label="scores">
      {[...tiles, ...penalised].map(([name, value]) => (
        <div class={`tile ${name === "acc. test" ? "tile-test" : ""}`} key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
