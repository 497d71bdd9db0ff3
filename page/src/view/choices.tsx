// One of several: from a menu, or by a row of buttons.

import type { ComponentChildren, HTMLAttributes } from "preact";

import { help } from "./help/help.ts";
import type { Part } from "./help/texts.ts";

interface SelectProperties<T extends string> extends Omit<HTMLAttributes<HTMLSelectElement>, "role"> {
  readonly chosen: T;
  /** What can be chosen, and how it is called. */
  readonly options: readonly (readonly [T, string])[];
  readonly onChoose: (option: T) => void;
}

export function Select<T extends string>({ chosen, options, onChoose, ...attributes }: SelectProperties<T>) {
  return (
    <select {...attributes} value={chosen} onChange={(event) => onChoose(event.currentTarget.value as T)}>
      {options.map(([option, text]) => (
        <option key={option} value={option}>{text}</option>
      ))}
    </select>
  );
}

interface SegmentedProperties<T extends string> {
  readonly label: string;
  readonly chosen: T;
  /** Likewise, and the part of the help that explains it. */
  readonly options: readonly (readonly [option: T, text: ComponentChildren, part: Part])[];
  readonly onChoose: (option: T) => void;
}

export function Segmented<T extends string>({ label, chosen, options, onChoose }: SegmentedProperties<T>) {
  return (
    <div class="segmented" role="group" aria-label={label}>
      {options.map(([option, text, part]) => (
        <button
          type="button"
          class="segment"
          key={option}
          {...help(part)}
          aria-pressed={option === chosen}
          onClick={() => onChoose(option)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
