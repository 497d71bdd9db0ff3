// The button that trains or stops a study, and how far it is.

import type { Dispatch } from "../../state/actions.ts";
import type { Studies, StudyKind } from "../../state/studies.ts";
import { isComplete, progress } from "../../studies/study.ts";

interface Properties {
  readonly kind: StudyKind;
  readonly studies: Studies;
  readonly start: string;
  readonly disabled?: boolean;
  readonly dispatch: Dispatch;
}

export function Progress({ kind, studies, start, disabled = false, dispatch }: Properties) {
  const study = studies[kind];
  const isRunning = studies.running === kind;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={disabled && !isRunning}
        onClick={() => dispatch(isRunning ? { kind: "stop_study" } : { kind: "train_study", study: kind })}
      >
        {isRunning ? "Stop" : start}
      </button>
      <span class="muted" role="status">
        {study !== null && inWords(progress(study), isRunning, isComplete(study))}
      </span>
    </>
  );
}

function inWords({ done, total }: ReturnType<typeof progress>, isRunning: boolean, isDone: boolean): string {
  return `${done} of ${total} runs${isRunning ? " …" : isDone ? "" : ", stopped"}`;
}
