// A number of a lesson that is written; while what is typed is none, the field says so and the lesson keeps the last one.

import { useId, useState } from "preact/hooks";

import { about, heard } from "../help/help.ts";
import type { Part } from "../help/texts.ts";

interface Properties {
  readonly label: string;
  /** Of the help, which explains it. */
  readonly part: Part;
  readonly value: number;
  /** What is to be typed, as it stands behind "Expected". */
  readonly expected: string;
  /** The number that was typed; null if it is none. */
  readonly read: (typed: string) => number | null;
  readonly onEnter: (value: number) => void;
}

export function NumberLine({ label, part, value, expected, read, onEnter }: Properties) {
  const [typed, setTyped] = useState(String(value));
  const isWrong = read(typed) === null;
  const id = useId();
  return (
    <div class="written number" {...about(part)}>
      <label for={id}>{label}</label>
      <input
        id={id}
        value={typed}
        inputMode="decimal"
        autocomplete="off"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-error` : undefined}
        {...heard(part)}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          const entered = read(event.currentTarget.value);
          if (entered !== null) onEnter(entered);
        }}
      />
      {isWrong && <span class="error" id={`${id}-error`} role="alert">Expected {expected}.</span>}
    </div>
  );
}
