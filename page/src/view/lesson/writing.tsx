// What a lesson is written with: texts, and what is checked.

import { useId } from "preact/hooks";

interface TextProperties {
  readonly label: string;
  readonly value: string;
  /** Characters that it may have. */
  readonly most: number;
  readonly onType: (text: string) => void;
}

export function TextLine({ label, value, most, onType }: TextProperties) {
  return (
    <label class="written">
      <span>{label}</span>
      <input value={value} maxLength={most} autocomplete="off" onInput={(event) => onType(event.currentTarget.value)} />
    </label>
  );
}

export function TextArea({ label, value, most, rows, onType }: TextProperties & { readonly rows: number }) {
  return (
    <label class="written">
      <span>{label}</span>
      <textarea value={value} maxLength={most} rows={rows} onInput={(event) => onType(event.currentTarget.value)} />
    </label>
  );
}

interface CheckProperties {
  readonly label: string;
  readonly isOn: boolean;
  readonly onSwitch: (on: boolean) => void;
  readonly isDisabled?: boolean;
  readonly title?: string;
  /** Parts that it lies in. */
  readonly depth?: number;
}

export function Check({ label, isOn, onSwitch, isDisabled = false, title, depth = 0 }: CheckProperties) {
  const id = useId();
  return (
    <div class="checked" style={{ paddingLeft: `${depth}rem` }} title={title}>
      <input
        type="checkbox"
        id={id}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
    </div>
  );
}
