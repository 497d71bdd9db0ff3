// The set-up: all that an experiment may be, as the spec has it, and when training stops.

import { useMemo } from "preact/hooks";

import { resolved, spec } from "../../spec/schema.ts";
import { writtenOut } from "../../state/form.ts";
import { labelNames } from "../../state/point_set.ts";
import { STOP_RULES, stopRulesOf } from "../../state/stopping.ts";
import type { Properties } from "../properties.ts";
import { words } from "../../text/sentence.ts";
import { fieldHelp } from "../help/help.ts";
import { Menu } from "./fields.tsx";
import { FieldOf } from "./part.tsx";

const TITLES: Readonly<Record<string, string>> = { dataset: "Data" };

export function Setup({ state, dispatch }: Properties) {
  const { experiment, form, stopRule, ownPoints } = state;
  const fields = useMemo(() => {
    const filled = { experiment, form, ownPoints };
    const filling = { experiment: writtenOut(filled), labelNames: labelNames(filled), mistakes: form.mistakes, dispatch };
    return Object.entries(spec.schema.properties ?? {}).map(([path, field]) => (
      <section key={path} aria-label={titleOf(path)} {...(path === "dataset" ? { "data-tour": "data" } : {})}>
        <h2>{titleOf(path)}</h2>
        <FieldOf path={path} field={resolved(field)} filling={filling} />
        {path === "training" && (
          <Menu
            id="stop-rule"
            label="stop"
            tag="in flight"
            explained={fieldHelp("stop-rule", "When training ends by itself. A preset sets it, too.")}
            value={stopRule}
            options={stopRulesOf(experiment.dataset).map((rule) => [rule, STOP_RULES[rule]] as const)}
            onChoose={(rule) => dispatch({ kind: "set_stop_rule", stopRule: rule })}
          />
        )}
      </section>
    ));
  }, [experiment, form, stopRule, ownPoints.set, dispatch]);
  return (
    <section class="panel setup" aria-label="set-up">
      <div class="setup-fields">{fields}</div>
      <p class="setup-help">What is marked “in flight” changes while it trains. With everything else it begins anew.</p>
    </section>
  );
}

function titleOf(path: string): string {
  return TITLES[path] ?? words(`${path.slice(0, 1).toUpperCase()}${path.slice(1)}`);
}
