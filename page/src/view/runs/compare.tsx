// Two set-ups, a hundred runs of each from the same seeds: which is better, and how sure that is.

import { metricOf } from "../../engine/heads.ts";
import { isPlain } from "../../state/provenance.ts";
import { presentSetUp } from "../../state/studies.ts";
import { metricsOf } from "../../statistics/summary.ts";
import { sayDifferences } from "../../studies/differences.ts";
import { areSame, canBeSetUp, type SetUp } from "../../studies/set_up.ts";
import type { Study } from "../../studies/study.ts";
import { verdictOf } from "../../studies/verdict.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import type { PaintedProperties } from "../properties.ts";
import { Outcome } from "./outcome.tsx";
import { Progress } from "./progress.tsx";

export function Compare(properties: PaintedProperties) {
  const { state, dispatch } = properties;
  const { kept, comparison } = state.studies;
  const now = presentSetUp(state);
  const isA = kept !== null && areSame(kept, now);
  return (
    <>
      <div class="row">
        <Button {...help("keep_as_a")} disabled={isA} onClick={() => dispatch({ kind: "keep_as_a" })}>Keep as A</Button>
        {kept !== null && <Progress {...properties} kind="comparison" start="Compare with A" disabled={isA} />}
      </div>
      <p class="muted">{whatIsSetUp(kept, now)}</p>
      {kept !== null && !isA && !isPlain(state) && (
        <p class="muted">This run was changed on its way. The comparison trains the set-up as it is now, from the first update.</p>
      )}
      {comparison !== null && <Found {...properties} comparison={comparison} />}
    </>
  );
}

function whatIsSetUp(kept: SetUp | null, now: SetUp): string {
  if (kept === null) return "Does a setting matter? Keep this set-up as A, change something, and compare a hundred runs of each.";
  if (areSame(kept, now)) return "A is this set-up. Change something on the left, then compare.";
  return `From A to this set-up: ${sayDifferences(kept, now)}.`;
}

function Found({ state, comparison, palette, dispatch }: PaintedProperties & { readonly comparison: Study }) {
  const [a, b] = comparison.parts;
  const isRunning = state.studies.running === "comparison";
  const verdict = verdictOf(comparison);
  const { judgement } = comparison;
  const areAlike = metricOf(a.setUp.experiment) === metricOf(b.setUp.experiment); // else each has an axis of its own
  const known = comparison.parts.flatMap(({ runs }) => metricsOf(runs));
  const now = presentSetUp(state);
  return (
    <>
      {!isRunning && <p class="standing" role="status">{verdict?.head ?? "The runs are judged …"}</p>}
      {!areSame(b.setUp, now) && <p class="muted">From A to B: {sayDifferences(a.setUp, b.setUp)}.</p>}
      {comparison.parts.map(({ setUp, runs }, i) => {
        const name = "AB"[i];
        return (
          <section class="side" key={name} aria-label={name}>
            <div class="row">
              <h3>{name}</h3>
              {areSame(setUp, now) ? (
                <span class="muted">is set up now</span>
              ) : (
                <Button
                  look="small"
                  {...help("set_up_side")}
                  disabled={!canBeSetUp(setUp, now)}
                  onClick={() => dispatch({ kind: "set_up", setUp, seed: state.seed })}
                >
                  Set up {name}
                </Button>
              )}
            </div>
            {runs.length > 0 && (
              <Outcome
                runs={runs}
                name={`${runs.length} runs of ${name}`}
                known={areAlike ? known : metricsOf(runs)}
                metric={metricOf(setUp.experiment)}
                typical={judgement?.kind === "comparison" ? judgement.typical[i] : null}
                mine={null}
                palette={palette}
                onPick={(seed) => dispatch({ kind: "set_up", setUp, seed })}
              />
            )}
          </section>
        );
      })}
      {verdict !== null && (
        <ul class="clauses">
          {verdict.clauses.map((clause) => (
            <li key={clause}>{clause}</li>
          ))}
        </ul>
      )}
    </>
  );
}
