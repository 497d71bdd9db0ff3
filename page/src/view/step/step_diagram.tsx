// The network of an update: h in its neurons as the stages go forward, δ below them as they come back.

import type { Stage } from "../../state/step.ts";
import type { NumberPlace } from "../../worker/messages.ts";
import { css, type Palette } from "../colours.ts";
import { short } from "../numbers.ts";
import type { Reading } from "./lines.ts";
import type { Shown } from "./shown_neurons.ts";
import { weightSymbol } from "./sums.ts";

const WIDTH = 420;
const ROW = 42;
const HEAD = 24;
const HALF = 29; // of a neuron's width

interface Properties {
  readonly reading: Reading;
  readonly stage: Stage;
  readonly place: NumberPlace;
  readonly shown: Shown;
  readonly palette: Palette;
  readonly onChoose: (place: NumberPlace) => void;
}

interface Neuron {
  readonly level: number;
  readonly j: number;
  readonly x: number;
  readonly y: number;
}

export function StepDiagram({ reading, stage, place, shown, palette, onChoose }: Properties) {
  const { observed, last, names } = reading;
  const [first, end] = shown.levels;
  const drawn = shown.neurons.slice(first, end);
  const most = Math.max(...drawn.map((each) => each.length));
  const height = HEAD + most * ROW;
  const across = (level: number) => HALF + 6 + ((level - first) * (WIDTH - 2 * HALF - 12)) / Math.max(1, end - first - 1);
  const neurons = drawn.map((each, i) =>
    each.map((j, row): Neuron => ({ level: first + i, j, x: across(first + i), y: HEAD + 14 + (row + (most - each.length) / 2) * ROW })),
  );
  const called = (level: number) => (level === 0 ? "inputs x" : level === last + 1 ? "outputs p" : names[level - 1]);
  return (
    <svg class="step-diagram" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={describe(reading, stage, shown)}>
      {neurons.map(([top], i) => (
        <text key={i} x={top.x} y={14} class="level-name">
          {called(first + i)}
        </text>
      ))}
      {neurons.slice(1).map((above, i) => (
        <Links
          key={i}
          layer={first + i}
          below={neurons[i]}
          above={above}
          flow={flowOf(stage, first + i)}
          {...{ reading, stage, place, palette, onChoose }}
        />
      ))}
      {neurons.flat().map(({ level, j, x, y }) => {
        const h = isReached(stage, level) ? short(reading.of(observed.h[level])[j]) : "";
        const delta = level > 0 && isBack(stage, level) ? short(reading.of(observed.delta[level - 1])[j]) : null;
        return (
          <g key={`${level} ${j}`} class={isActive(stage, level) ? "neuron is-active" : "neuron"}>
            <rect x={x - HALF} y={y - 10} width={2 * HALF} height={20} rx={6} />
            <text x={x} y={y + 4}>{h}</text>
            {!shown.isWhole && <text x={x - HALF} y={y - 13} class="number-of">{j + 1}</text>}
            {delta !== null && <text x={x} y={y + 21} class="delta">{`δ ${delta}`}</text>}
          </g>
        );
      })}
    </svg>
  );
}

interface LinksProperties extends Omit<Properties, "shown"> {
  readonly layer: number;
  readonly below: readonly Neuron[];
  readonly above: readonly Neuron[];
  readonly flow: "forward" | "back" | null;
}

function Links({ reading, stage, place, palette, onChoose, layer, below, above, flow }: LinksProperties) {
  const { weights, biases } = reading.observed.before[layer];
  const inputs = weights.length / biases.length;
  const largest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), Number.MIN_VALUE);
  return (
    <>
      {above.flatMap((to) =>
        below.map((from) => {
          const w = weights[to.j * inputs + from.j];
          const isFollowed = place.layer === layer && place.output === to.j && place.source === from.j;
          const ends = { x1: from.x + HALF, y1: from.y, x2: to.x - HALF, y2: to.y };
          const choose = () => onChoose({ layer, output: to.j, source: from.j });
          const name = `${weightSymbol(to.j + 1, from.j + 1)} of layer ${layer + 1}: ${short(w)}`;
          return (
            <g key={`${to.j} ${from.j}`} class={`link ${flow ?? ""} ${isFollowed && stage.kind === "weight" ? "is-followed" : ""}`} onClick={choose}>
              <line class="wide" {...ends}>
                <title>{name}</title>
              </line>
              <line class="thin" {...ends} stroke={css(w > 0 ? palette.positive : palette.negative)} stroke-width={0.5 + (2.5 * Math.abs(w)) / largest} />
            </g>
          );
        }),
      )}
    </>
  );
}

/** Which way something goes through the links of a layer. */
function flowOf(stage: Stage, layer: number): "forward" | "back" | null {
  if (stage.kind === "forward" && stage.layer === layer) return "forward";
  return stage.kind === "back" && stage.layer + 1 === layer ? "back" : null;
}

/** Whether the forward pass has come to a level. */
function isReached(stage: Stage, level: number): boolean {
  return stage.kind !== "forward" || level <= stage.layer + 1;
}

/** Whether δ has come back to a level. */
function isBack(stage: Stage, level: number): boolean {
  return stage.kind === "weight" || stage.kind === "effect" || (stage.kind === "back" && level > stage.layer);
}

function isActive(stage: Stage, level: number): boolean {
  return (stage.kind === "forward" || stage.kind === "back") && stage.layer + 1 === level;
}

function describe({ observed, last }: Reading, stage: Stage, { levels: [first, end], isWhole }: Shown): string {
  const which = isWhole ? "The network" : `Levels ${first + 1} to ${end} of ${last + 2} of the network, of each level some neurons`;
  const numbers = isBack(stage, observed.h.length) || stage.kind === "back" ? "with h and δ of each neuron" : "with h of each neuron";
  return `${which}, ${numbers} that the stage has come to`;
}
