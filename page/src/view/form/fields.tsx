// Fields: a label, a control, help, and what is wrong. A field keeps what was entered until it is right.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Direction } from "../../spec/stepping.ts";
import { Select } from "../choices.tsx";
import type { HelpAttributes } from "../help/help.ts";
import { FieldMark } from "../help/mark.tsx";
import { asSentence } from "../../text/sentence.ts";
import { onceReleased } from "./pressing.ts";

interface Common {
  readonly id: string;
  readonly label: string;
  /** What is wrong with what was entered; empty if nothing is. */
  readonly message?: string;
  /** What the field is, and what to try. */
  readonly explained: HelpAttributes;
  /** A word beside the label. */
  readonly tag?: string | null;
  readonly className?: string;
}

interface RowProperties extends Common {
  readonly children: ComponentChildren;
}

function Row({ id, label, message = "", explained, tag = null, className = "", children }: RowProperties) {
  const error = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (message !== "") error.current?.scrollIntoView({ block: "nearest" });
  }, [message]);
  return (
    <div class={`field ${className}`} {...explained}>
      <div class="field-name">
        <label for={id}>{label}</label>
        {tag !== null && <span class="tag">{tag}</span>}
        <FieldMark explained={explained} />
      </div>
      {children}
      <p class="error" id={`${id}-error`} role="alert" ref={error}>
        {message === "" ? "" : asSentence(message)}
      </p>
      <p hidden id={`${id}-help`}>{`${explained["data-help"]} Try: ${explained["data-try"]}`}</p>
    </div>
  );
}

/** What a control says of itself to those who hear the page. */
function described({ id, message = "" }: Common) {
  return { id, "aria-invalid": message !== "", "aria-describedby": `${id}-error ${id}-help` };
}

interface TextProperties extends Common {
  /** What the field shows unless one types. */
  readonly shown: string;
  readonly onEnter: (text: string) => void;
}

/** What is typed, until one presses Enter or leaves the field. */
function useTyping({ shown, onEnter }: TextProperties) {
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => setTyped(null), [shown]);
  const enter = () => {
    setTyped(null);
    if (typed !== null && typed !== shown) onEnter(typed);
  };
  return { text: typed ?? shown, setTyped, enter };
}

export function TextField(properties: TextProperties) {
  const { text, setTyped, enter } = useTyping(properties);
  return (
    <Row className="wide" {...properties}>
      <input
        {...described(properties)}
        value={text}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => onceReleased(enter)}
        onKeyDown={(event) => {
          if (event.key === "Enter") enter();
        }}
      />
    </Row>
  );
}

interface NumberProperties extends TextProperties {
  /** That the experiment has, whatever is typed. */
  readonly value: number;
  readonly onStep: (direction: Direction) => void;
}

/** A number, with buttons and arrow keys for the next one. */
export function NumberField(properties: NumberProperties) {
  const { label, value, onStep } = properties;
  const { text, setTyped, enter } = useTyping(properties);
  const step = (direction: Direction) => {
    enter();
    onStep(direction);
  };
  const button = (direction: Direction, name: string, sign: string) => (
    <button
      type="button"
      aria-label={`${label}: ${name}`}
      tabIndex={-1} // the arrow keys do the same
      onClick={() => step(direction)}
    >
      {sign}
    </button>
  );
  return (
    <Row {...properties}>
      <div class="stepper">
        {button(-1, "less", "−")}
        <input
          {...described(properties)}
          role="spinbutton"
          {...valueNow(value)}
          aria-valuetext={text === "" ? "none" : text}
          value={text}
          placeholder="none"
          inputMode="decimal"
          autocomplete="off"
          onInput={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => onceReleased(enter)}
          onKeyDown={(event) => {
            if (event.key === "Enter") enter();
            const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key] as Direction | undefined;
            if (direction === undefined) return;
            event.preventDefault();
            step(direction);
          }}
        />
        {button(1, "more", "+")}
      </div>
    </Row>
  );
}

interface MenuProperties<T extends string> extends Common {
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

export function Menu<T extends string>(properties: MenuProperties<T>) {
  const { value, options, onChoose } = properties;
  return (
    <Row className="wide" {...properties}>
      <Select {...described(properties)} chosen={value} options={options} onChoose={onChoose} />
    </Row>
  );
}

interface SwitchProperties extends Common {
  readonly on: boolean;
  readonly onSwitch: (on: boolean) => void;
}

export function Switch(properties: SwitchProperties) {
  const { on, onSwitch } = properties;
  return (
    <Row className="switch" {...properties}>
      <input
        {...described(properties)}
        type="checkbox"
        checked={on}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
    </Row>
  );
}

/** The value of a spin button: ARIA has numbers without an exponent. */
function valueNow(value: number): Readonly<Record<string, string>> {
  return { "aria-valuenow": value.toLocaleString("en", { useGrouping: false, maximumSignificantDigits: 17 }) };
}
