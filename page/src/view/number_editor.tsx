// Sets a weight or a bias by hand, beside its neuron or link.

import { useEffect, useRef, useState } from "preact/hooks";

import type { Field } from "../spec/schema.ts";
import { readTyped } from "../spec/entered.ts";
import { Button } from "./button.tsx";
import { help } from "./help/help.ts";
import { asSentence } from "../text/sentence.ts";

const NUMBER: Field = { type: "number", minimum: -1e6, maximum: 1e6 };

interface Properties {
  readonly name: string;
  readonly value: number;
  readonly at: readonly [number, number];
  readonly onSet: (value: number) => void;
  readonly onClose: () => void;
}

export function NumberEditor({ name, value, at, onSet, onClose }: Properties) {
  const [text, setText] = useState(String(value));
  const [error, setError] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setText(String(value));
    input.current?.select();
  }, [name]);
  function submit(event: Event): void {
    event.preventDefault();
    const typed = readTyped(text, NUMBER);
    if ("message" in typed) {
      setError(asSentence(typed.message));
      return;
    }
    onSet(Number(typed.value));
    onClose();
  }
  return (
    <form
      class="editor"
      {...help("editor")}
      style={{ left: `min(${at[0]}px, 100% - 17rem)`, top: `min(${at[1]}px, 100% - 7rem)` }}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        event.stopPropagation();
      }}
    >
      <label>
        <span>{name}</span>
        <input
          ref={input}
          value={text}
          inputMode="decimal"
          aria-invalid={error !== ""}
          aria-describedby="editor-error"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <Button type="submit">Set</Button>
      <Button aria-label="close without a change" onClick={onClose}>✕</Button>
      <p class="error" id="editor-error" role="alert">{error}</p>
    </form>
  );
}
