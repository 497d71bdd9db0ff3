// Keys that work wherever nothing else takes them, and the list of all keys. They can be switched off.

import { useEffect } from "preact/hooks";

import type { Action } from "../state/actions.ts";
import type { Properties } from "./properties.ts";

/** What each key does, of those that work everywhere. */
const EVERYWHERE: readonly { readonly key: string; readonly name: string; readonly does: string; readonly action: Action }[] = [
  { key: " ", name: "space", does: "play or pause", action: { kind: "toggle_play" } },
  { key: "ArrowRight", name: "→", does: "one update", action: { kind: "train_update" } },
  { key: "e", name: "E", does: "one epoch", action: { kind: "train_epoch" } },
  { key: "r", name: "R", does: "reset", action: { kind: "reset" } },
  { key: "n", name: "N", does: "new seed", action: { kind: "next_seed" } },
  { key: "?", name: "?", does: "this help", action: { kind: "help", act: { kind: "open_help" } } },
];

/** Keys of parts of the page, which work while the part has the focus. */
const ELSEWHERE: readonly (readonly [where: string, name: string, does: string])[] = [
  ["on any control", "F1", "explain it, with links into the glossary"],
  ["wherever there is one", "Esc", "close an explanation, leave the tour"],
  ["in the network", "arrows", "from neuron to neuron"],
  ["in the network", "W", "through the links into a neuron"],
  ["in the network", "Enter", "set the bias or the weight"],
  ["in the plane, for own points", "arrows", "move a cross, with Shift by one pixel"],
  ["in the plane, for own points", "Enter", "add, take and put down, remove, or give a class"],
  ["in the plane, for own points", "Esc", "put a taken point back"],
  ["in the plane, for own points", "Ctrl Z", "undo"],
  ["in the plane, for own points", "Ctrl Y", "redo"],
  ["in the plane, for task 3", "arrows", "shift the line, with Shift turn it"],
  ["in the plane, for a step", "← →", "the training point before or after"],
  ["in a step", "← →", "from stage to stage"],
  ["in the time line", "← →", "an update back or on, to the nearest that was kept"],
  ["in the time line", "Page ↑ ↓", "an epoch on or back"],
  ["in the tabs", "← →", "from one to the next"],
  ["in the tabs", "Home End", "to the first or the last"],
  ["in the map", "arrows", "from cell to cell"],
  ["in the map", "Enter", "set the cell up"],
  ["in the landscape of the loss", "arrows", "point at a place, to read its loss"],
  ["in number fields", "↑ ↓", "the next number above or below"],
];

/** Follow the keys that work everywhere. */
export function useKeys({ state, dispatch }: Properties): void {
  useEffect(() => {
    if (!state.keysOn) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const found = actionOf(event);
      const isInDialog = document.querySelector("dialog[open]") !== null;
      if (found === null || isInDialog || (event.repeat && found.kind !== "train_update")) return;
      event.preventDefault();
      dispatch(found);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [state.keysOn]);
}

/** All keys, and the switch for those that work everywhere. */
export function KeyTable({ state, dispatch }: Properties) {
  return (
    <>
      <table class="keys">
        <tbody>
          {EVERYWHERE.map(({ name, does }) => row("", name, does))}
          {ELSEWHERE.map(([where, name, does]) => row(where, name, does))}
        </tbody>
      </table>
      <label class="check">
        <input
          type="checkbox"
          checked={state.keysOn}
          onChange={(event) => dispatch({ kind: "switch_keys", on: event.currentTarget.checked })}
        />
        The keys that work everywhere are on.
      </label>
    </>
  );
}

function row(where: string, name: string, does: string) {
  return (
    <tr key={`${where} ${name}`}>
      <th scope="row">
        <kbd>{name}</kbd>
      </th>
      <td>{does}</td>
      <td class="muted">{where}</td>
    </tr>
  );
}

/** What a key does where nothing that has the focus takes it; null if nothing. */
function actionOf(event: KeyboardEvent): Action | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  const taking = event.key.length === 1 && event.key !== " " ? TAKES_LETTERS : TAKES_KEYS;
  if (target instanceof Element && target.closest(taking) !== null) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return EVERYWHERE.find((each) => each.key === key)?.action ?? null;
}

/** What takes letters itself while it has the focus. A button does not, and keeps the focus when it was pressed. */
const TAKES_LETTERS = "input, select, textarea, dialog, [contenteditable], [tabindex]";

/** What takes space, Enter or arrows. */
const TAKES_KEYS = `a, button, summary, ${TAKES_LETTERS}`;
