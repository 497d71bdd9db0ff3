// Task 3: W and b, the line that they draw, and what the wanted line asks of them.

import { useMemo } from "preact/hooks";

import { firstRow } from "../../boundary/family.ts";
import { type Constraint, type Findings, tell } from "../../boundary/findings.ts";
import { parseLine } from "../../boundary/line.ts";
import { FROM_THE_LAB, LAB_LINE } from "../../boundary/solutions.ts";
import { printed, typed } from "../../boundary/writing.ts";
import type { LineAction } from "../../state/line.ts";
import { pointsOnPlane } from "../../state/point_set.ts";
import { Button } from "../button.tsx";
import { TextField } from "../form/fields.tsx";
import { help } from "../help/help.ts";
import { LineLegend } from "../legends.tsx";
import type { PaintedProperties } from "../properties.ts";

export function LineTab({ state, palette, dispatch }: PaintedProperties) {
  const { wanted, wrong } = state.line;
  const layer = state.result?.layers[0];
  const train = pointsOnPlane(state)?.splits.train;
  const found = useMemo(
    () => (layer === undefined || train === undefined ? null : tell(layer, parseLine(wanted), train)),
    [layer, wanted, train],
  );
  if (found === null) return null;
  const act = (made: LineAction) => dispatch({ kind: "line", act: made });
  return (
    <div class="line-tab">
      <div class="row">
        <TextField
          id="wanted"
          className="wanted"
          label="wanted line"
          explained={help("wanted_line")}
          shown={String(wrong?.entered ?? printed(wanted))}
          message={wrong?.message ?? ""}
          onEnter={(text) => act({ kind: "want", text: typed(text) })}
        />
        {found.isExact && !found.drawsWanted && (
          <Button look="small" {...help("this_line")} onClick={() => act({ kind: "want_drawn" })}>This line</Button>
        )}
      </div>
      <Drawn found={found} />
      <LineLegend palette={palette} />
      <div class="row">
        <Button look="small" {...help("a_solution")} onClick={() => act({ kind: "next_solution" })}>A solution</Button>
        {wanted === LAB_LINE &&
          Object.keys(FROM_THE_LAB).map((name) => (
            <Button
              look="small"
              {...help("lab_solution")}
              key={name}
              aria-label={`${name} of the lab report`}
              onClick={() => act({ kind: "lab_solution", name })}
            >
              {name}
            </Button>
          ))}
        <Button look="small" {...help("switch_labels")} onClick={() => act({ kind: "switch_labels" })}>Switch labels</Button>
      </div>
      <Matrices weights={found.weights} biases={found.biases} />
      <ul class="constraints">
        {found.constraints.map((each, i) => (
          <Requirement key={each.text} constraint={each} sign={i < 2 ? "=" : "≠"} />
        ))}
        {found.isSwitched !== null && (
          <li>
            <Mark isGood={!found.isSwitched} text={found.isSwitched ? "labels switched" : "labels as the points have them"} />
            <span class="muted">
              class 0 lies {found.side}{found.isSwitched && `, most of its points ${found.usual}`}
            </span>
          </li>
        )}
      </ul>
      <Family wanted={wanted} />
      <p>{printed(found.said)}</p>
      <p class="muted">
        Drag the line on the plane, or its handles. There, arrow keys shift it, and Shift with an arrow turns it.
      </p>
    </div>
  );
}

function Drawn({ found }: { readonly found: Findings }) {
  return (
    <p class="drawn" role="status">
      {found.line === "" ? (
        <>
          <strong>no line</strong> <span class="muted">yet: click a link or an output of the network and type its number, take a solution, or drag the dashed line</span>
        </>
      ) : (
        <>
          <strong>{printed(found.line)}</strong> {!found.isExact && <span class="muted">rounded</span>}{" "}
          <Mark isGood={found.drawsWanted} text={found.drawsWanted ? "as wanted" : "not as wanted"} />
        </>
      )}
    </p>
  );
}

function Requirement({ constraint, sign }: { readonly constraint: Constraint; readonly sign: "=" | "≠" }) {
  const { text, left, right, isMet, by } = constraint;
  const actual = isMet ? sign : sign === "=" ? "≠" : "=";
  return (
    <li>
      <Mark isGood={isMet} text={printed(text)} />
      <span class="muted">
        {printed(`${left} ${actual} ${right}`)}
        {actual === "≠" && !isMet && <span class="missed"> by {printed(by)}</span>}
      </span>
    </li>
  );
}

function Mark({ isGood, text }: { readonly isGood: boolean; readonly text: string }) {
  return (
    <span class={isGood ? "met" : "missed"}>
      <span role="img" aria-label={isGood ? "met" : "missed"}>
        {isGood ? "✓" : "✗"}
      </span>{" "}
      {text}
    </span>
  );
}

function Family({ wanted }: { readonly wanted: string }) {
  const [w11, w12, b1] = firstRow(parseLine(wanted));
  return (
    <div>
      <p class="muted">All that draw {printed(wanted)}, for any w₂₁, w₂₂, b₂, and any s but 0:</p>
      <Matrices weights={[[w11, w12], ["w21", "w22"]]} biases={[b1, "b2"]} />
    </div>
  );
}

interface Entries {
  readonly weights: readonly (readonly string[])[];
  readonly biases: readonly string[];
}

function Matrices({ weights, biases }: Entries) {
  return (
    <div class="row matrices">
      <Matrix name="W" rows={weights} />
      <Matrix name="b" rows={biases.map((entry) => [entry])} />
    </div>
  );
}

function Matrix({ name, rows }: { readonly name: string; readonly rows: readonly (readonly string[])[] }) {
  return (
    <span class="row">
      {name} =
      <span
        class={`matrix columns-${rows[0].length}`}
        role="img"
        aria-label={`${name} = ${rows.map((row) => row.join(", ")).join("; ")}`}
      >
        {rows.flat().map((entry, i) => (
          <span key={i}>{printed(entry)}</span>
        ))}
      </span>
    </span>
  );
}
