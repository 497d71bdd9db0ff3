// A dialog, which is open as long as it is part of the page.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { CloseButton } from "./button.tsx";

interface Properties {
  /** Of the style sheet. */
  readonly name: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}

export function Dialog({ name, title, onClose, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => dialog.current?.close();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class={`dialog ${name}`} aria-labelledby={`${name}-title`} ref={dialog} onClose={onClose}>
      <div class="dialog-head">
        <h2 id={`${name}-title`}>{title}</h2>
        <CloseButton onClick={close} />
      </div>
      {children(close)}
    </dialog>
  );
}
