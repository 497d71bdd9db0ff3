// Own points: where they come from, the tools to edit them, and what became of the training.

import { useRef } from "preact/hooks";

import { openPoints } from "../../state/open_points.ts";
import type { OwnPointsAction } from "../../state/own_points.ts";
import type { PointTool } from "../../state/point_set.ts";
import { Button } from "../button.tsx";
import { Segmented, Select } from "../choices.tsx";
import { help } from "../help/help.ts";
import type { Part } from "../help/texts.ts";
import type { Properties } from "../properties.ts";
import { sentence } from "../../text/sentence.ts";

const TOOLS: readonly (readonly [PointTool, string, Part])[] = [
  ["add", "Add", "tool_add"],
  ["move", "Move", "tool_move"],
  ["remove", "Remove", "tool_remove"],
  ["class", "Class", "tool_class"],
];

export function PointBar({ state, dispatch }: Properties) {
  const chooser = useRef<HTMLInputElement>(null);
  const { set, past, future, tool, label, said } = state.ownPoints;
  const act = (made: OwnPointsAction) => dispatch({ kind: "own_points", act: made });
  const button = (part: Part, text: string, made: OwnPointsAction, isUsable = true, name = text) => (
    <Button look="small" aria-label={name} {...help(part)} disabled={!isUsable} onClick={() => act(made)}>{text}</Button>
  );
  return (
    <div class="points" role="group" aria-label="own points">
      {set !== null && (
        <div class="row">
          <Segmented
            label="tools"
            chosen={tool}
            options={TOOLS}
            onChoose={(chosen) => act({ kind: "choose_tool", tool: chosen === tool ? "look" : chosen })}
          />
          <Select
            aria-label="class of points"
            {...help("class_of_points")}
            chosen={label}
            options={set.offered.map((each) => [each, `class ${each}`])}
            onChoose={(chosen) => act({ kind: "choose_class", label: chosen })}
          />
          {button("class_more", "+", { kind: "add_class" }, true, "one class more")}
        </div>
      )}
      <div class="row">
        {set === null && button("draw_own", "Draw own", { kind: "draw_own" })}
        <Button look="small" {...help("open_csv")} onClick={() => chooser.current?.click()}>Open CSV</Button>
        <input
          ref={chooser}
          type="file"
          accept=".csv,text/csv"
          hidden
          aria-label="CSV file of points"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = ""; // so that the same file can be chosen again
            if (file !== undefined) void openPoints(file, state.seed, dispatch);
          }}
        />
        {(set !== null || past.length + future.length > 0) && (
          <>
            {button("undo", "↶", { kind: "undo" }, past.length > 0, "undo")}
            {button("redo", "↷", { kind: "redo" }, future.length > 0, "redo")}
          </>
        )}
        {set !== null && (
          <>
            {button("clear", "Clear", { kind: "clear" }, set.points.length > 0)}
            {button("back_to_dataset", "Back to a dataset", { kind: "back_to_dataset" })}
          </>
        )}
      </div>
      {set !== null && (
        <p class="points-said" role="status">{sentence(set.missing === "" ? said : set.missing)}</p>
      )}
    </div>
  );
}
