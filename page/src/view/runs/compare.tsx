// Two set-ups, a hundred runs of each from the same seeds: which is better, and how sure that is.

import { useMemo } from "preact/hooks";

import type { Dispatch } from "../../state/actions.ts";
import { isPlain } from "../../state/provenance.ts";
import type { State } from "../../state/state.ts";
import { presentSetUp } from "../../state/studies.ts";
import { accuraciesOf, typicalAccuracy } from "../../statistics/summary.ts";
import { sayDifferences } from "../../studies/differences.ts";
import { areSame, canBeSetUp, type SetUp } from "../../studies/set_up.ts";
import type { Study } from "../../studies/study.ts";
import { verdictOf } from "../../studies/verdict.ts";
import type { Palette } from "../colours.ts";
import { Progress } from "./progress.tsx";
import { Strip } from "./strip.tsx";
import { accuracyRange } from "./strip_layout.ts";
import { accuracyInWords, failuresInWords } from "./words.ts";

interface Properties {
  readonly state: State;
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

export function Compare({ state, palette, dispatch }: Properties) {
  const { kept, comparison } = state.studies;
  const now = presentSetUp(state);
  const isA = kept !== null && areSame(kept, now);
  return (
    <>
      <div class="row">
        <button type="button" class="button" disabled={isA} onClick={() => dispatch({ kind: "keep_as_a" })}>
          Keep as A
        </button>
        {kept !== null && (
          <Progress
            kind="comparison"
            studies={state.studies}
            start="Compare with A"
            disabled={isA}
            dispatch={dispatch}
          />
        )}
      </div>
      <p class="muted">{whatIsSetUp(kept, now)}</p>
      {kept !== null && !isA && !isPlain(state) && (
        <p class="muted">This run was changed on its way. The comparison trains the set-up as it is now, from the first update.</p>
      )}
      {comparison !== null && <Found state={state} comparison={comparison} palette={palette} dispatch={dispatch} />}
    </>
  );
}

function whatIsSetUp(kept: SetUp | null, now: SetUp): string {
  if (kept === null) return "Does a setting matter? Keep this set-up as A, change something, and compare a hundred runs of each.";
  if (areSame(kept, now)) return "A is this set-up. Change something on the left, then compare.";
  return `From A to this set-up: ${sayDifferences(kept, now)}.`;
}

function Found({ state, comparison, palette, dispatch }: Properties & { readonly comparison: Study }) {
  const [a, b] = comparison.parts;
  const isRunning = state.studies.running === "comparison";
  const verdict = useMemo(() => verdictOf(comparison), [comparison]);
  // They resample thousands of times.
  const typical = useMemo(
    () => comparison.parts.map(({ runs }) => (isRunning ? null : typicalAccuracy(runs))),
    [isRunning, comparison],
  );
  const known = comparison.parts.flatMap(({ runs }) => accuraciesOf(runs));
  const now = presentSetUp(state);
  return (
    <>
      {verdict !== null && (
        <p class="standing" role="status">
          {verdict.head}.
        </p>
      )}
      {verdict === null && !isRunning && <p class="standing">Not all runs are trained: no verdict.</p>}
      {!areSame(b.setUp, now) && <p class="muted">From A to B: {sayDifferences(a.setUp, b.setUp)}.</p>}
      {comparison.parts.map(({ setUp, runs }, i) => {
        const name = "AB"[i];
        const said = runs.length === 0 ? [] : [accuracyInWords(runs, typical[i]), failuresInWords(runs)];
        return (
          <section class="side" key={name} aria-label={name}>
            <div class="row">
              <h3>{name}</h3>
              {areSame(setUp, now) ? (
                <span class="muted">is set up now</span>
              ) : (
                <button
                  type="button"
                  class="button small"
                  disabled={!canBeSetUp(setUp, now)}
                  onClick={() => dispatch({ kind: "set_up", setUp, seed: state.seed })}
                >
                  Set up {name}
                </button>
              )}
            </div>
            {known.length > 0 && runs.length > 0 && (
              <Strip
                runs={runs}
                range={accuracyRange(known)}
                typical={typical[i]}
                mine={null}
                label={`${runs.length} runs of ${name} as dots over their test accuracy. ${said.join(" ")}`}
                palette={palette}
                onPick={(seed) => dispatch({ kind: "set_up", setUp, seed })}
              />
            )}
            {said.map((sentence) => (
              <p class="muted" key={sentence}>
                {sentence}
              </p>
            ))}
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
