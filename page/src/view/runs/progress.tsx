// The button that trains or stops a study, and how far it is.

import type { StudyKind } from "../../state/studies.ts";
import { isComplete, progress } from "../../studies/study.ts";
import { Button } from "../button.tsx";
import { help } from "../help/help.ts";
import type { Part } from "../help/texts.ts";
import type { Properties } from "../properties.ts";

interface ProgressProperties extends Properties {
  readonly kind: StudyKind;
  readonly start: string;
  readonly disabled?: boolean;
}

export function Progress({ kind, state: { studies }, start, disabled = false, dispatch }: ProgressProperties) {
  const study = studies[kind];
  const isRunning = studies.running === kind;
  return (
    <>
      <Button
        {...help(PARTS[kind])}
        disabled={disabled && !isRunning}
        onClick={() => dispatch(isRunning ? { kind: "stop_study" } : { kind: "train_study", study: kind })}
      >
        {isRunning ? "Stop" : start}
      </Button>
      <span class="muted" role="status">
        {study !== null && inWords(progress(study), isRunning, isComplete(study))}
      </span>
    </>
  );
}

const PARTS: Readonly<Record<StudyKind, Part>> = {
  hundred: "train_hundred",
  comparison: "compare_with_a",
  map: "train_map",
  remedies: "what_would_help",
};

function inWords({ done, total }: ReturnType<typeof progress>, isRunning: boolean, isDone: boolean): string {
  return `${done} of ${total} runs${isRunning ? " …" : isDone ? "" : ", stopped"}`;
}
