// The loss around the training under way, on a plane of weight space, and the path of the weights on it.

import { useMemo, useState } from "preact/hooks";

import { flattened } from "../../engine/evaluation.ts";
import { placeOf, type PlaneKind } from "../../landscape/plane.ts";
import { isPlain } from "../../state/provenance.ts";
import { isComputing, landscapeNow, type LandscapeAction } from "../../state/landscape.ts";
import { OTHERS } from "../../state/landscape_update.ts";
import { resultNow } from "../../state/state.ts";
import { grouped } from "../../text/numbers.ts";
import type { Landscape } from "../../worker/messages.ts";
import { Button } from "../button.tsx";
import { Canvas, placeOn, unitOfType } from "../canvas.tsx";
import { Chart } from "../chart.tsx";
import { Segmented } from "../choices.tsx";
import type { Palette } from "../colours.ts";
import { help } from "../help/help.ts";
import { short } from "../numbers.ts";
import type { PaintedProperties } from "../properties.ts";
import { gradientOf } from "../surface.ts";
import { coloursOf, paintLandscape, paintLevels, scalesOf, shownLoss } from "./paint_landscape.ts";

const PLANES = [
  ["path", "Path", "plane_path"],
  ["principal", "Principal", "plane_principal"],
  ["random", "Random", "plane_random"],
] as const;

const AXES: Readonly<Record<PlaneKind, readonly [string, string]>> = {
  path: ["from the start towards the end (distance between weights) →", "at right angles to it →"],
  principal: ["first principal direction (distance between weights) →", "second principal direction →"],
  random: ["first random direction (1: as long as each neuron's weights) →", "second random direction →"],
};

export function LossTab({ state, palette, dispatch }: PaintedProperties) {
  const { plane, withPenalty, ofHundred, trained, why } = state.landscape;
  const result = resultNow(state);
  const landscape = landscapeNow(state);
  const act = (made: LandscapeAction) => dispatch({ kind: "landscape", act: made });
  const isBegun = result !== null && result.step > 0;
  const isOld = landscape !== null && result !== null && landscape.steps[landscape.steps.length - 1] !== result.step;
  const [diverged, computing] = [result?.ending === "diverged", isComputing(state)];
  return (
    <div class="loss-tab">
      <div class="row">
        <Segmented label="plane" chosen={plane} options={PLANES} onChoose={(chosen) => act({ kind: "choose_plane", plane: chosen })} />
        <Button look="small" {...help("draw_landscape")} disabled={!isBegun || diverged || computing} onClick={() => act({ kind: "draw" })}>
          Draw now
        </Button>
        <label class="row" {...help("hundred_paths")}>
          <input
            type="checkbox"
            checked={ofHundred}
            disabled={!isBegun || diverged || !isPlain(state)}
            onChange={(event) => act({ kind: "of_hundred", on: event.currentTarget.checked })}
          />
          a hundred from this start{!isPlain(state) && " (not of a run that was changed on its way)"}
        </label>
        {landscape?.isPenalised && (
          <label class="row" {...help("add_penalty")}>
            <input type="checkbox" checked={withPenalty} onChange={(event) => act({ kind: "add_penalty", on: event.currentTarget.checked })} />
            with penalty
          </label>
        )}
      </div>
      <p class="muted" role="status">
        {statusOf({ landscape, computing, trained: ofHundred ? trained : null, diverged, isBegun, isOld, why })}
      </p>
      {landscape !== null && (
        <Drawn
          landscape={landscape}
          withPenalty={withPenalty && landscape.isPenalised}
          shown={result?.layers ?? null}
          updatesPerEpoch={result?.updatesPerEpoch ?? 1}
          palette={palette}
        />
      )}
    </div>
  );
}

interface Standing {
  readonly landscape: Landscape | null;
  readonly computing: boolean;
  /** Other runs that are trained; null where none are wanted. */
  readonly trained: number | null;
  readonly diverged: boolean;
  readonly isBegun: boolean;
  readonly isOld: boolean;
  readonly why: string;
}

function statusOf({ landscape, computing, trained, diverged, isBegun, isOld, why }: Standing): string {
  if (diverged) return "The network has diverged, and there is no landscape around weights that are no numbers.";
  if (computing && trained !== null && trained < OTHERS) return `${trained} of ${OTHERS} other runs …`;
  if (computing) return landscape === null ? "Drawing …" : `Drawing: ${landscape.side} × ${landscape.side} networks so far …`;
  if (why !== "") return why;
  if (!isBegun) return "Where does training lead the weights? Train the network: the loss around its path is drawn when it stands.";
  if (landscape === null) return "The loss around the path is drawn when the training stands, or now.";
  if (isOld) return "The training has gone on since; the ring is where the network that is shown lies.";
  return `${landscape.side} × ${landscape.side} networks.`;
}

interface DrawnProperties {
  readonly landscape: Landscape;
  readonly withPenalty: boolean;
  /** The network that is shown. */
  readonly shown: Parameters<typeof flattened>[0] | null;
  readonly updatesPerEpoch: number;
  readonly palette: Palette;
}

function Drawn({ landscape, withPenalty, shown, updatesPerEpoch, palette }: DrawnProperties) {
  const { side, kind, projection, plane } = landscape;
  const [probe, setProbe] = useState<readonly [number, number] | null>(null); // column and row of the grid
  const losses = useMemo(() => shownLoss(landscape, withPenalty), [landscape, withPenalty]);
  const colours = useMemo(() => coloursOf(losses), [losses]);
  const image = useMemo(() => {
    const made = document.createElement("canvas");
    paintLevels(made, side, losses, colours, palette);
    return made;
  }, [losses, colours, palette]);
  const present = useMemo(() => {
    if (shown === null) return null;
    const place = placeOf(plane, flattened(shown));
    return place.every(Number.isFinite) ? place : null;
  }, [plane, shown]);
  const [column, row] = probe === null ? [0, 0] : [Math.min(probe[0], side - 1), Math.min(probe[1], side - 1)];
  const at = placeInGrid(landscape, column, row);
  const move = (right: number, up: number) => {
    const [c, r] = probe ?? [(side - 1) / 2, (side - 1) / 2];
    setProbe([clamp(c + right, side), clamp(r + up, side)]);
  };
  const point = (event: PointerEvent) => {
    const canvas = event.currentTarget as HTMLCanvasElement;
    const surface = { width: canvas.clientWidth, height: canvas.clientHeight, unit: unitOfType() };
    const [x, y] = scalesOf(landscape, surface).placeAt(...placeOn(canvas, event));
    const [left, right, bottom, top] = landscape.extent;
    const number = (value: number, low: number, high: number) => clamp(Math.round(((value - low) / (high - low)) * (side - 1)), side);
    setProbe([number(x, left, right), number(y, bottom, top)]);
  };
  const name = withPenalty ? "training loss with penalty" : landscape.isPenalised ? "training loss without penalty" : "training loss";
  const finite = losses.filter(Number.isFinite);
  const range = `from ${short(Math.min(...finite))} to ${short(Math.max(...finite))}`;
  return (
    <>
      <Canvas
        className="landscape"
        label={`The ${name} on a plane of weight space, ${range}, and the path of the weights; arrow keys point`}
        paint={(surface) =>
          paintLandscape(surface, {
            landscape,
            image,
            present,
            probe: probe === null ? null : at,
            colours,
            withPenalty,
            names: AXES[kind],
            palette,
          })
        }
        attributes={{
          tabIndex: 0,
          onPointerMove: point,
          onPointerDown: point,
          onPointerLeave: () => setProbe(null),
          onKeyDown: (event) => {
            const moves: Readonly<Record<string, readonly [number, number]>> = {
              ArrowLeft: [-1, 0],
              ArrowRight: [1, 0],
              ArrowUp: [0, 1],
              ArrowDown: [0, -1],
            };
            const by = moves[event.key];
            if (by === undefined) return;
            event.preventDefault();
            event.stopPropagation();
            move(...by);
          },
        }}
      />
      <ul class="legend loss-legend" aria-label="what the landscape shows">
        <li>
          {name} {short(colours.low)} <i class="bar reversed" style={{ background: gradientOf() }} /> {short(colours.high)}
        </li>
        <li>□ start</li>
        <li>☆ end</li>
        <li>○ the network that is shown</li>
        {landscape.others.length > 0 && <li>● ends of the others, in the colours of their own losses</li>}
      </ul>
      <output class="probe">
        {probe === null ? "Point at the plane, or press arrow keys there, to read the loss." : `x ${digits(at[0])}, y ${digits(at[1])}: loss ${digits(losses[row * side + column])}`}
      </output>
      <p>{saidOf(landscape)}</p>
      {landscape.others.length > 0 && <p>{saidOfOthers(landscape, withPenalty)}</p>}
      <LossAlong landscape={landscape} withPenalty={withPenalty} updatesPerEpoch={updatesPerEpoch} palette={palette} />
      <p class="muted">
        On the plane the {name} is {range}. In this plane lie {inPercent(projection.length)} of the path's length and{" "}
        {inPercent(projection.variance)} of its variance; the rest runs at right angles to it, where no picture shows it.
      </p>
    </>
  );
}

/** The loss of the weights themselves, and that of the places at which the path is drawn. */
function LossAlong({ landscape, withPenalty, updatesPerEpoch, palette }: Omit<DrawnProperties, "shown">) {
  const { steps, pathLoss, pathPenalty, planeLoss } = landscape;
  const epochs = useMemo(() => steps.map((step) => step / updatesPerEpoch), [steps, updatesPerEpoch]);
  const values = useMemo(() => {
    const own = [...pathLoss].map((value, i) => (withPenalty ? value + pathPenalty[i] : value));
    return withPenalty ? [own] : [own, [...planeLoss]];
  }, [landscape, withPenalty]);
  const most = values.flat().filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0);
  const curves = [
    { label: "on the path", colour: palette.training, few: 1 },
    { label: "where it is drawn", colour: palette.validation, dash: [6, 3], few: 1 },
  ];
  return (
    <Chart
      part="curve_path"
      title={withPenalty ? "loss with penalty on the path" : "loss on the path (dashed: where it is drawn)"}
      description={`Loss on the path: ${short(values[0][0])} at its start, ${short(values[0][values[0].length - 1])} at its end`}
      epochs={epochs}
      values={values}
      curves={curves.slice(0, values.length)}
      lastEpoch={epochs[epochs.length - 1]}
      low={0}
      high={1.05 * most || 1}
      mark={null}
      palette={palette}
    />
  );
}

/** Where the runs end, and how much of their paths is drawn. */
function saidOfOthers({ others, pathLoss, pathPenalty }: Landscape, withPenalty: boolean): string {
  const last = pathLoss.length - 1;
  const ends = [{ loss: pathLoss[last], penalty: pathPenalty[last] }, ...others].map(({ loss, penalty }) => (withPenalty ? loss + penalty : loss));
  const [low, middle, high] = [Math.min(...ends), medianOf(ends), Math.max(...ends)].map(digits);
  const gone = OTHERS - others.length;
  const diverged = gone === 0 ? "" : ` ${gone} more diverged.`;
  const length = inPercent(medianOf(others.map(({ projection }) => projection.length)));
  return (
    `${ends.length} runs from the same initial weights, on the same samples, in other orders: their losses end between ` +
    `${low} and ${high}, in the median at ${middle}.${diverged} Of a path, ${length} of the length lie in the plane, in the median.`
  );
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

function saidOf({ kind, through, others }: Landscape): string {
  if (kind === "path") {
    const [first, middle, last] = through.map(grouped);
    return `This plane goes through the weights after ${first}, ${middle} and ${last} updates.`;
  }
  if (kind === "principal" && others.length > 0)
    return "This plane goes through the mean of the ends, in the two directions in which all weights were farthest from it.";
  if (kind === "principal") return "This plane goes through the end, in the two directions in which the weights were farthest from it.";
  return "This plane goes through the end, in two random directions. Biases are those of the end everywhere.";
}

function placeInGrid({ extent: [left, right, bottom, top], side }: Landscape, column: number, row: number): readonly [number, number] {
  return [left + ((right - left) * column) / (side - 1), bottom + ((top - bottom) * row) / (side - 1)];
}

function clamp(value: number, side: number): number {
  return Math.max(0, Math.min(side - 1, value));
}

/** Six digits: enough to find the place again. */
function digits(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))).replace("-", "−") : short(value);
}

function inPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
}
