// A number of a lesson that is written; while what is typed is none, the field says so and the lesson keeps the last one.

import { useState } from "preact/hooks";

interface Properties {
  readonly label: string;
  readonly value: number;
  /** The number that was typed; null if it is none. */
  readonly read: (typed: string) => number | null;
  readonly onEnter: (value: number) => void;
}

export function NumberLine({ label, value, read, onEnter }: Properties) {
  const [typed, setTyped] = useState(String(value));
  const isWrong = read(typed) === null;
  return (
    <label class="written number">
      <span>{label}</span>
      <input
        value={typed}
        inputMode="decimal"
        autocomplete="off"
        aria-invalid={isWrong}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          const entered = read(event.currentTarget.value);
          if (entered !== null) onEnter(entered);
        }}
      />
      {isWrong && <span class="error" role="alert">a number, please</span>}
    </label>
  );
}
