// What a lesson is written with: texts, and what is checked.

import { useId } from "preact/hooks";

import { about, heard } from "../help/help.ts";
import type { Part } from "../help/texts.ts";

interface TextProperties {
  readonly label: string;
  /** Of the help, which explains it. */
  readonly part: Part;
  readonly value: string;
  /** Characters that it may have. */
  readonly most: number;
  readonly onType: (text: string) => void;
}

export function TextLine({ label, part, value, most, onType }: TextProperties) {
  return (
    <label class="written" {...about(part)}>
      <span>{label}</span>
      <input
        value={value}
        maxLength={most}
        autocomplete="off"
        {...heard(part)}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    </label>
  );
}

export function TextArea({ label, part, value, most, rows, onType }: TextProperties & { readonly rows: number }) {
  return (
    <label class="written" {...about(part)}>
      <span>{label}</span>
      <textarea
        value={value}
        maxLength={most}
        rows={rows}
        {...heard(part)}
        onInput={(event) => onType(event.currentTarget.value)}
      />
    </label>
  );
}

interface CheckProperties {
  readonly label: string;
  /** Of the help, which explains it. */
  readonly part: Part;
  readonly isOn: boolean;
  readonly onSwitch: (on: boolean) => void;
  readonly isDisabled?: boolean;
  readonly title?: string;
  /** Parts that it lies in. */
  readonly depth?: number;
}

export function Check({ label, part, isOn, onSwitch, isDisabled = false, title, depth = 0 }: CheckProperties) {
  const id = useId();
  return (
    <div class="checked" style={{ paddingLeft: `${depth}rem` }} title={title} {...about(part)}>
      <input
        type="checkbox"
        id={id}
        checked={isOn}
        disabled={isDisabled}
        {...heard(part)}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
    </div>
  );
}
