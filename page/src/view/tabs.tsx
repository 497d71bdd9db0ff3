// Tabs: arrows, Home and End go from one to the next, and only the open one is in the order of the Tab key.

import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

import { help } from "./help/help.ts";
import type { Part } from "./help/texts.ts";

interface Properties<T extends string> {
  readonly label: string;
  /** Each with its text, and the part of the help that explains it. */
  readonly tabs: readonly (readonly [T, string, Part])[];
  readonly open: T;
  /** A tab that has something to say; null if none has. */
  readonly marked?: T | null;
  readonly onOpen: (tab: T) => void;
  readonly children: ComponentChildren;
}

export function Tabs<T extends string>({ label, tabs, open, marked = null, onOpen, children }: Properties<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent): void {
    // The focus has moved already where the page is not drawn again since the key before.
    const at = Array.from(list.current?.children ?? []).indexOf(document.activeElement as Element);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const index = (next + tabs.length) % tabs.length;
    onOpen(tabs[index][0]);
    (list.current?.children[index] as HTMLElement | undefined)?.focus();
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(([name, text, part]) => (
          <button
            type="button"
            class={name === marked ? "tab is-marked" : "tab"}
            title={name === marked ? "has something to say" : undefined}
            role="tab"
            key={name}
            id={`${id}-${name}`}
            aria-selected={name === open}
            aria-controls={`${id}-panel`}
            tabIndex={name === open ? 0 : -1}
            {...help(part)}
            onClick={() => onOpen(name)}
          >
            {text}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${open}`} tabIndex={0}>
        {children}
      </div>
    </>
  );
}
