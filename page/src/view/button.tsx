// A button, which submits nothing.

import type { ButtonHTMLAttributes } from "preact";

import { help } from "./help/help.ts";

interface Properties extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** Of small, icon, primary: how it looks. */
  readonly look?: string;
}

export function Button({ look = "", ...attributes }: Properties) {
  return <button type="button" class={`button ${look}`} {...attributes} />;
}

export function CloseButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button look="icon" aria-label="close" {...help("close")} onClick={onClick}>✕</Button>
  );
}
