// What a lesson locks: it is not there, or is seen, and then neither changed nor reached by the Tab key.

import type { ComponentChildren } from "preact";

/** What stands beside the label of a locked field. */
export const LOCKED = "locked by the lesson";

interface Properties {
  readonly isOn: boolean;
  /** Whether what is locked is seen. */
  readonly isSeen?: boolean;
  readonly children: ComponentChildren;
}

export function Lock({ isOn, isSeen = true, children }: Properties) {
  if (!isOn) return <>{children}</>;
  if (!isSeen) return null;
  return <fieldset class="locked" disabled>{children}</fieldset>;
}
