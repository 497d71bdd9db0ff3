// Why the network does not learn, with the evidence, and what would help.

import { metricOf } from "../../engine/heads.ts";
import { hasLearned, sentenceOf } from "../../explain/sentences.ts";
import { presentSetUp } from "../../state/studies.ts";
import { resultNow } from "../../state/state.ts";
import { findingsOf, whyNotSaid } from "../../state/why.ts";
import { counted } from "../../text/sentence.ts";
import type { Properties } from "../properties.ts";
import { Progress } from "../runs/progress.tsx";
import { RemedyTable } from "./remedy_table.tsx";

export function Why(properties: Properties) {
  const { state } = properties;
  const { remedies } = state.studies;
  return (
    <div class="why">
      <Explanation {...properties} />
      <div class="row">
        <Progress {...properties} kind="remedies" start="What would help?" />
      </div>
      {remedies === null ? (
        <p class="muted">
          Tries single changes of this set-up (learning rate, optimizer, initializer, activation, batch size, epochs,
          width, …), each from the same seeds, and lists what rescues.
        </p>
      ) : (
        <RemedyTable {...properties} study={remedies} now={presentSetUp(state)} />
      )}
    </div>
  );
}

function Explanation({ state }: Properties) {
  const findings = findingsOf(state);
  const reason = whyNotSaid(state);
  const result = resultNow(state);
  if (findings === null || result === null) return <p class="muted" role="status">{reason}</p>;
  if (result.step === 0) return <p class="muted" role="status">Nothing is trained yet: press Play.</p>;
  const metric = metricOf(state.experiment);
  const [first, ...others] = findings;
  return (
    <div role="status">
      {result.ending === null && <p class="muted">So far, after {counted(Math.floor(result.epoch), "epoch")}:</p>}
      <p class={hasLearned(findings) ? "cause" : "cause is-wrong"}>{sentenceOf(first, metric)}</p>
      {others.length > 0 && (
        <ul class="causes" aria-label="besides">
          {others.map((finding) => (
            <li key={finding.code}>{sentenceOf(finding, metric)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
