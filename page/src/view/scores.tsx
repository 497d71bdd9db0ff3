// The numbers of the network that is shown.

import type { SplitName } from "../engine/experiment.ts";
import type { Result } from "../worker/messages.ts";
import { about } from "./help/help.ts";
import { HelpMark } from "./help/mark.tsx";
import type { Part } from "./help/texts.ts";
import { METRICS } from "./metrics.ts";
import { count, loss } from "./numbers.ts";

export function Scores({ result }: { readonly result: Result | null }) {
  const { short, write } = METRICS[result?.metric ?? "accuracy"];
  const metric = (split: SplitName) => (result === null ? "–" : write(result.scores[split].metric));
  const tiles: readonly (readonly [string, string, Part])[] = [
    ["epoch", result === null ? "–" : count(Math.floor(result.shownEpoch)), "tile_epoch"],
    ["update", result === null ? "–" : count(result.shownStep), "tile_update"],
    [`${short} training`, metric("train"), "tile_training"],
    [`${short} validation`, metric("validation"), "tile_validation"],
    [`${short} test`, metric("test"), "tile_test"],
    ["loss, test", result === null ? "–" : loss(result.scores.test.loss), "tile_loss"],
  ];
  const { scores, penalty } = result ?? { scores: null, penalty: null };
  const penalised = scores === null || penalty === null ? [] : [["with penalty", loss(scores.test.loss + penalty), "tile_penalty"] as const];
  return (
    <div class="scores">
      <HelpMark part="scores" name="scores" />
      <dl class={penalised.length > 0 ? "tiles penalised" : "tiles"} aria-label="scores">
        {[...tiles, ...penalised].map(([name, value, part]) => (
          <div class={`tile ${name === `${short} test` ? "tile-test" : ""}`} key={name} {...about(part)}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
