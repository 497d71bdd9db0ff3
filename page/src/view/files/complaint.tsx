// What is wrong with something that was to be opened: it stays until it is closed.

import type { Dispatch } from "../../state/actions.ts";

export function Complaint({ sentence, dispatch }: { readonly sentence: string | null; readonly dispatch: Dispatch }) {
  if (sentence === null) return null;
  return (
    <div class="message complaint" role="alert">
      {sentence}
      <button
        type="button"
        class="button icon"
        aria-label="close"
        onClick={() => dispatch({ kind: "close_complaint" })}
      >
        ✕
      </button>
    </div>
  );
}
