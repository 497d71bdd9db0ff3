// The set-up: all that an experiment may be, as the spec has it, and when training stops.

import { useMemo, useState } from "preact/hooks";

import { resolved, spec } from "../../spec/schema.ts";
import { writtenOut } from "../../state/form.ts";
import { guiding, isHidden, isLockedNow, isOpenNow } from "../../state/lesson.ts";
import { labelNames } from "../../state/point_set.ts";
import type { Hideable } from "../../lessons/lesson.ts";
import { STOP_RULES, stopRulesOf } from "../../state/stopping.ts";
import { Lock, LOCKED } from "../lesson/lock.tsx";
import { Check } from "../lesson/writing.tsx";
import type { Properties } from "../properties.ts";
import { words } from "../../text/sentence.ts";
import { fieldHelp } from "../help/help.ts";
import { Menu } from "./fields.tsx";
import { FieldOf } from "./part.tsx";

const TITLES: Readonly<Record<string, string>> = { dataset: "Data" };

export function Setup({ state, dispatch }: Properties) {
  const { experiment, form, stopRule, ownPoints, lesson } = state;
  const [seesLocked, setSeesLocked] = useState(false);
  const isLocking = (guiding({ lesson })?.changeable ?? null) !== null;
  const isSeen = (path: string) => seesLocked || isOpenNow({ lesson }, path);
  const parts = Object.entries(spec.schema.properties ?? {}).filter(([path]) => !isHidden({ lesson }, `setup.${path}` as Hideable));
  const shown = parts.filter(([path]) => isSeen(path) || (path === "training" && isSeen("stop_rule")));
  const fields = useMemo(() => {
    const filled = { experiment, form, ownPoints };
    const filling = {
      experiment: writtenOut(filled),
      labelNames: labelNames(filled),
      mistakes: form.mistakes,
      locks: (path: string) => isLockedNow({ lesson }, path),
      seesLocked,
      isOpen: (path: string) => isOpenNow({ lesson }, path),
      dispatch,
    };
    return shown.map(([path, field]) => (
      <section key={path} aria-label={titleOf(path)} {...(path === "dataset" ? { "data-tour": "data" } : {})}>
        <h2>{titleOf(path)}</h2>
        <FieldOf path={path} field={resolved(field)} filling={filling} />
        {path === "training" && (
          <Lock isOn={isLockedNow({ lesson }, "stop_rule")} isSeen={seesLocked}>
            <Menu
              id="stop-rule"
              label="stop"
              tag={isLockedNow({ lesson }, "stop_rule") ? LOCKED : "in flight"}
              explained={fieldHelp("stop-rule", "When training ends by itself. A preset sets it, too.")}
              value={stopRule}
              options={stopRulesOf(experiment.dataset).map((rule) => [rule, STOP_RULES[rule]] as const)}
              onChoose={(rule) => dispatch({ kind: "set_stop_rule", stopRule: rule })}
            />
          </Lock>
        )}
      </section>
    ));
  }, [experiment, form, stopRule, ownPoints.set, lesson, seesLocked, dispatch]);
  if (parts.length === 0) return null;
  return (
    <section class="panel setup" aria-label="set-up">
      <div class="setup-fields">
        {isLocking && (
          <Check
            label="show what the lesson locks, too"
            part="lesson_show_locked"
            isOn={seesLocked}
            onSwitch={setSeesLocked}
          />
        )}
        {isLocking && shown.length === 0 && <p class="muted">The lesson locks the whole set-up.</p>}
        {fields}
      </div>
      {shown.length > 0 && (
        <p class="setup-help">
          What is marked “in flight” changes while it trains. With everything else it begins anew.
        </p>
      )}
    </section>
  );
}

function titleOf(path: string): string {
  return TITLES[path] ?? words(`${path.slice(0, 1).toUpperCase()}${path.slice(1)}`);
}
