// Fields of the set-up. What is wrong is said beside its field, which keeps what was typed.

import { useEffect, useId, useState } from "preact/hooks";

import { parseNumber, parseWhole } from "./parse.ts";

interface TextProperties {
  readonly label: string;
  readonly value: string;
  readonly onCommit: (text: string) => void;
  /** Says what is wrong with a text; empty if nothing is. */
  readonly check?: (text: string) => string;
  readonly className?: string;
}

/** A text that is taken when one leaves the field, or presses Enter. */
export function TextField({ label, value, onCommit, check = () => "", className = "" }: TextProperties) {
  const [text, setText] = useState(value);
  const [error, setError] = useState("");
  const id = useId();
  useEffect(() => {
    setText(value);
    setError("");
  }, [value]);
  function commit(): void {
    const wrong = check(text);
    setError(wrong);
    if (wrong === "" && text !== value) onCommit(text);
  }
  return (
    <div class={`field ${className}`}>
      <label for={id}>{label}</label>
      <input
        id={id}
        value={text}
        inputMode="decimal"
        autocomplete="off"
        aria-invalid={error !== ""}
        aria-describedby={`${id}-error`}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
        }}
      />
      <span class="error" id={`${id}-error`} role="alert">
        {error}
      </span>
    </div>
  );
}

interface NumberProperties {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly whole?: boolean;
  readonly onCommit: (value: number) => void;
}

export function NumberField({ label, value, low, high, whole = false, onCommit }: NumberProperties) {
  const parse = (text: string) => (whole ? parseWhole(text, low, high) : parseNumber(text, low, high));
  return (
    <TextField
      label={label}
      value={String(value)}
      check={(text) => {
        const parsed = parse(text);
        return typeof parsed === "string" ? parsed : "";
      }}
      onCommit={(text) => onCommit(parse(text) as number)}
    />
  );
}

interface SelectProperties<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

export function SelectField<T extends string>({ label, value, options, onChange }: SelectProperties<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
