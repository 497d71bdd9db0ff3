// Two numbers of the set-up on a grid: how good the median of a few runs is in each cell.

import { useRef, useState } from "preact/hooks";

import { metricOf } from "../../engine/heads.ts";
import { isLowBetter, type Metric } from "../../spec/losses.ts";
import { axesOf, IN_A_CELL, presentSetUp } from "../../state/studies.ts";
import { countFailures, metricsOf, summarise, type Run } from "../../statistics/summary.ts";
import { sayDifferences } from "../../studies/differences.ts";
import { type Hyperparameter, hyperparameters } from "../../studies/hyperparameters.ts";
import { areSame, canBeSetUp } from "../../studies/set_up.ts";
import { type AccuracyMap as Trained, isOnMap } from "../../studies/study.ts";
import { ARROWS } from "../arrows.ts";
import { Select } from "../choices.tsx";
import { css, inkOn, mix } from "../colours.ts";
import { help, picture } from "../help/help.ts";
import { HelpMark } from "../help/mark.tsx";
import type { Part } from "../help/texts.ts";
import { ShadeLegend } from "../legends.tsx";
import { METRICS } from "../metrics.ts";
import { short } from "../numbers.ts";
import type { PaintedProperties } from "../properties.ts";
import { isTouch } from "./touch.ts";
import { Progress } from "./progress.tsx";

export function AccuracyMap(properties: PaintedProperties) {
  const { state, dispatch } = properties;
  const { map } = state.studies;
  const axes = axesOf(state);
  const now = presentSetUp(state);
  if (axes === null) return <p class="muted">This set-up has no two numbers that can be varied.</p>;
  const isShown = map !== null && map.across.path === axes[0].path && map.up.path === axes[1].path;
  return (
    <>
      <div class="row">
        {(["to the right", "upwards"] as const).map((label, side) => (
          <label class="axis" key={label}>
            <span aria-hidden="true">{"→↑"[side]}</span>
            <Select
              aria-label={label}
              {...help(AXES[side])}
              chosen={axes[side].path}
              options={hyperparameters(state.experiment).map(({ path, name }) => [path, name])}
              onChoose={(path) => dispatch({ kind: "choose_axis", side: side as 0 | 1, path })}
            />
          </label>
        ))}
        <Progress {...properties} kind="map" start="Train the map" />
      </div>
      {isShown && !isOnMap(map, now) && (
        <p class="muted">This map is of another set-up: {sayDifferences(map.setUp, now)}.</p>
      )}
      <Cells
        {...properties}
        key={isShown ? map.number : 0}
        map={isShown ? map : null}
        axes={isShown ? [map.across, map.up] : axes}
      />
    </>
  );
}

const AXES: readonly Part[] = ["axis_right", "axis_up"];

interface CellsProperties extends PaintedProperties {
  readonly map: Trained | null;
  readonly axes: readonly [Hyperparameter, Hyperparameter];
}

/** A table whose cells are buttons: arrows go from one to the next, Enter or a click sets one up. */
function Cells({ map, axes: [across, up], state, palette, dispatch }: CellsProperties) {
  const grid = useRef<HTMLTableElement>(null);
  const tapped = useRef<number | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const now = presentSetUp(state);
  const columns = across.values.length;
  const cells = up.values.flatMap((y, row) =>
    across.values.map((x, column) => cellOf(map, row * columns + column, `${across.name} ${x}, ${up.name} ${y}`)),
  );
  const home = Math.max(0, cells.findIndex(({ setUp }) => setUp !== null && areSame(setUp, now)));
  const medians = cells.flatMap(({ median }) => median ?? []);
  const metric = metricOf((map?.setUp ?? now).experiment);
  const canLoad = map !== null && canBeSetUp(map.setUp, now);
  function onKeyDown(event: KeyboardEvent, i: number): void {
    const arrow = ARROWS[event.key];
    if (arrow === undefined) return;
    event.preventDefault();
    const [column, row] = [(i % columns) + arrow[0], Math.floor(i / columns) - arrow[1]];
    if (column < 0 || column >= columns || row < 0 || row >= up.values.length) return;
    grid.current?.querySelector<HTMLElement>(`[data-cell="${row * columns + column}"]`)?.focus();
  }
  const rows = up.values.map((y, row) => ({ y, row })).reverse();
  return (
    <>
      <table class="map" ref={grid} {...picture("map_cell")}>
        <caption>median test {metric === "accuracy" ? `accuracy of ${IN_A_CELL} runs, %` : `${METRICS[metric].short} of ${IN_A_CELL} runs, stronger is better`}</caption>
        <tbody>
          {rows.map(({ y, row }) => (
            <tr key={y}>
              <th scope="row" aria-label={`${up.name} ${y}`}>{y}</th>
              {across.values.map((x, column) => {
                const i = row * columns + column;
                const { median, text, mark, label, setUp } = cells[i];
                const share = median === null ? 0 : shareOf(median, medians, metric);
                const fill = median === null ? palette.surface : mix(palette.surface, palette.accent, 0.08 + 0.84 * share);
                return (
                  <td key={x}>
                    <button
                      type="button"
                      class="map-cell"
                      data-cell={i}
                      style={{ background: css(fill), color: median === null ? css(palette.muted) : inkOn(fill) }}
                      aria-label={label}
                      aria-current={i === home && map !== null ? "true" : undefined}
                      aria-disabled={setUp === null || !canLoad}
                      tabIndex={i === (pointed ?? home) ? 0 : -1}
                      onClick={(event) => {
                        const isFirstTap = isTouch(event) && tapped.current !== i;
                        tapped.current = i;
                        if (!isFirstTap && setUp !== null) dispatch({ kind: "set_up", setUp, seed: state.seed });
                      }}
                      onFocus={() => setPointed(i)}
                      onPointerEnter={() => setPointed(i)}
                      onKeyDown={(event) => onKeyDown(event, i)}
                    >
                      {text}
                      <small>{mark}</small>
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            {across.values.map((x) => (
              <th scope="col" key={x} aria-label={`${across.name} ${x}`}>{x}</th>
            ))}
          </tr>
        </tfoot>
      </table>
      <div class="row">
        <ShadeLegend low="worst cell" high="best" palette={palette} />
        {map !== null && <span class="legend">framed: set up now</span>}
        <HelpMark part="map_cell" name="map" />
      </div>
      <p class="muted">
        {map === null
          ? `${IN_A_CELL} runs in each cell, from the seeds after this one.`
          : pointed === null
            ? "A click on a cell, or Enter, begins anew with its set-up."
            : cells[pointed].label}
      </p>
    </>
  );
}

/** How dark a cell is, from 0 to 1: by its accuracy; by the share of cells that are worse, where a metric has no bounds. */
export function shareOf(median: number, medians: readonly number[], metric: Metric): number {
  if (metric !== "accuracy") {
    const worse = medians.filter((each) => (isLowBetter(metric) ? each > median : each < median));
    return worse.length / Math.max(1, medians.length - 1);
  }
  const low = Math.min(...medians);
  return (median - low) / Math.max(0.01, Math.max(...medians) - low);
}

interface Cell {
  readonly setUp: Trained["setUp"] | null;
  /** Null where fewer than half of the runs have a metric. */
  readonly median: number | null;
  readonly text: string;
  /** What failed, below the median. */
  readonly mark: string;
  readonly label: string;
}

function cellOf(map: Trained | null, i: number, name: string): Cell {
  const place = map?.cells[i];
  if (map === null || place === undefined) return { setUp: null, median: null, text: "", mark: "", label: name };
  if (typeof place === "string") return { setUp: null, median: null, text: "–", mark: "", label: `${name}: ${place}` };
  const { setUp, runs } = map.parts[place];
  if (runs.length === 0) return { setUp, median: null, text: "", mark: "", label: `${name}: not trained yet` };
  return { setUp, ...summaryOf(runs, name, metricOf(setUp.experiment)) };
}

function summaryOf(runs: readonly Run[], name: string, metric: Metric): Omit<Cell, "setUp"> {
  const { stuck, diverged } = countFailures(runs);
  const found = 2 * diverged > runs.length ? null : summarise(metricsOf(runs));
  const failed = `of ${runs.length} runs ${stuck} stuck, ${diverged} diverged`;
  if (found === null) {
    const label = `${name}: most runs diverged, no median; ${failed}`;
    return { median: null, text: "diverged", mark: "", label };
  }
  const { median, min, max } = found;
  const { write } = METRICS[metric];
  const marks = [stuck > 0 ? `${stuck} stuck` : "", diverged > 0 ? `${diverged} div.` : ""].filter((each) => each !== "");
  return {
    median,
    text: metric === "accuracy" ? (100 * median).toFixed(1) : short(median),
    mark: marks.length > 1 ? `${stuck + diverged} failed` : (marks[0] ?? ""),
    label: `${name}: median ${write(median)}, from ${write(min)} to ${write(max)}; ${failed}`,
  };
}
