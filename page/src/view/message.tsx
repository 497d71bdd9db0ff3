// What the page has to say, until it is closed.

import { CloseButton } from "./button.tsx";

interface Properties {
  /** Null for nothing. */
  readonly text: string | null;
  readonly name?: string;
  readonly onClose: () => void;
}

export function Message({ text, name = "", onClose }: Properties) {
  if (text === null) return null;
  return (
    <div class={`message ${name}`} role="alert">
      {text}
      <CloseButton onClick={onClose} />
    </div>
  );
}
