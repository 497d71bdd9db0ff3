// "?" in the header: the tour, the glossary, pointing at what is to be explained, and all keys.

import { useRef } from "preact/hooks";

import type { HelpAction } from "../../state/help.ts";
import { Dialog } from "../dialog.tsx";
import { KeyTable } from "../keys.tsx";
import type { Properties } from "../properties.ts";
import { Glossary } from "./glossary.tsx";
import { help } from "./help.ts";

export function Help({ state, dispatch }: Properties) {
  const button = useRef<HTMLButtonElement>(null);
  const act = (made: HelpAction) => dispatch({ kind: "help", act: made });
  const { dialog, term } = state.help;
  function close(): void {
    act({ kind: "close" });
    // What had the focus before the first of two dialogs, the second does not know.
    const { activeElement } = document;
    if (activeElement === document.body || activeElement?.closest("dialog") != null) button.current?.focus();
  }
  return (
    <>
      <button type="button" class="button icon" aria-label="help" ref={button} data-tour-back="" {...help("help")} onClick={() => act({ kind: "open_help" })}>
        ?
      </button>
      {dialog === "help" && (
        <Dialog name="help" title="Help" onClose={close}>
          {() => (
            <>
              <ul class="files-list">
                {WAYS.map(({ name, says, action }) => (
                  <li key={name}>
                    <button type="button" class="button" onClick={() => act(action)}>{name}</button>
                    <span class="muted">{says}</span>
                  </li>
                ))}
              </ul>
              <h3>Keys</h3>
              <KeyTable state={state} dispatch={dispatch} />
            </>
          )}
        </Dialog>
      )}
      {dialog === "glossary" && <Glossary term={term} onClose={close} />}
    </>
  );
}

const WAYS: readonly { readonly name: string; readonly says: string; readonly action: HelpAction }[] = [
  { name: "Take the tour", says: "five steps through the page", action: { kind: "take_tour" } },
  { name: "Glossary", says: "what the terms mean, a sentence each", action: { kind: "open_glossary", term: null } },
  {
    name: "Explain what I tap",
    says: "a tap or a click explains a button, a field or a picture, and does nothing else",
    action: { kind: "point", on: true },
  },
];
