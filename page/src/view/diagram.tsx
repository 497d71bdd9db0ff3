// The network. Arrows go from neuron to neuron, W through the links into it, Enter or a click edits a number.

import { useMemo, useRef, useState } from "preact/hooks";

import { printed } from "../boundary/writing.ts";
import type { Dispatch } from "../state/actions.ts";
import type { NumberPlace, Result } from "../worker/messages.ts";
import { paintAtlas, type Atlas } from "./atlas.ts";
import { Canvas, placeOn, unitOfType } from "./canvas.tsx";
import type { Palette } from "./colours.ts";
import { endsOf, findAt, layOut, type Target } from "./diagram_layout.ts";
import { makeKeptPicture } from "./kept_picture.ts";
import { DiagramLegend } from "./legends.tsx";
import { chooseLinks } from "./links.ts";
import { NumberEditor } from "./number_editor.tsx";
import { short } from "./numbers.ts";
import { inputName, MANY, paintDiagram } from "./paint_diagram.ts";

interface Properties {
  readonly result: Result | null;
  /** What the classes are called. */
  readonly names: readonly string[];
  readonly activations: readonly string[];
  readonly palette: Palette;
  readonly dispatch: Dispatch;
}

/** The neuron or link whose number is being edited, and where the editor stands. */
interface Edited {
  readonly target: Target;
  readonly at: readonly [number, number];
}

const PACE = 120; // milliseconds after which many links are painted anew while they train

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Network({ result, names, activations, palette, dispatch }: Properties) {
  const [target, setTarget] = useState<Target | null>(null);
  const [edited, setEdited] = useState<Edited | null>(null);
  const [isByKey, setByKey] = useState(false);
  const pictures = useMemo(() => document.createElement("canvas"), []);
  const linkPicture = useMemo(makeKeptPicture, []);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painted = useRef<{ of: unknown; palette: Palette; atlas: Atlas } | null>(null);
  // Of a large network that trains, links are chosen and painted anew less often than it answers.
  const isBusy = result !== null && result.playing && weightsOf(result.sizes) > MANY;
  const linksAre = isBusy ? Math.floor(performance.now() / PACE) : result;
  const links = useMemo(() => (result === null ? null : chooseLinks(result.layers)), [linksAre, result?.training]);

  if (result === null || links === null) return <div class="network-box" aria-busy="true" />;
  const { sizes } = result;
  const known = painted.current;
  const atlas =
    known !== null && known.of === result.responses && known.palette === palette
      ? known.atlas
      : paintAtlas(pictures, result.responses, sizes, palette);
  painted.current = { of: result.responses, palette, atlas };

  const layoutNow = () => {
    const { clientWidth = 0, clientHeight = 0 } = canvas.current ?? {};
    return layOut(sizes, clientWidth, clientHeight, unitOfType());
  };
  const shownTarget = target !== null && exists(target, sizes) ? target : null;

  function pointed(event: PointerEvent | MouseEvent): Target | null {
    canvas.current = event.currentTarget as HTMLCanvasElement;
    return findAt(layoutNow(), links?.links ?? [], ...placeOn(canvas.current, event));
  }

  function onClick(event: MouseEvent): void {
    const found = pointed(event);
    setTarget(found);
    edit(found);
  }

  function edit(chosen: Target | null): void {
    if (chosen === null || numberPlace(chosen) === null) setEdited(null);
    else setEdited({ target: chosen, at: placeOf(chosen) });
  }

  function placeOf(chosen: Target): readonly [number, number] {
    const layout = layoutNow();
    if (chosen.kind === "neuron") {
      const { x, y, size } = layout.places[chosen.layer][chosen.index];
      return [x + size / 2, y + size / 2];
    }
    const [x1, y1, x2, y2] = endsOf(layout, chosen);
    return [(x1 + x2) / 2, (y1 + y2) / 2];
  }

  function onKeyDown(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    const isOurs = arrow !== undefined || ["Enter", "Escape", "w", "W"].includes(event.key);
    if (!isOurs || event.ctrlKey || event.metaKey || event.altKey) return;
    canvas.current = event.currentTarget as HTMLCanvasElement;
    event.preventDefault();
    setByKey(true);
    if (event.key === "Escape") setTarget(null);
    else if (event.key === "Enter") edit(shownTarget);
    else if (arrow !== undefined) setTarget(moved(shownTarget, arrow, sizes));
    else setTarget(nextLink(shownTarget, sizes));
  }

  const lines = shownTarget === null ? [] : describe(shownTarget, result, names);
  const tipAt = shownTarget === null ? null : placeOf(shownTarget);
  const label =
    `The network: ${sizes.join(", ")} neurons from inputs to outputs, with their responses, and links by weight. ` +
    "Arrows go from neuron to neuron, W through the links into it; Enter sets the bias or the weight.";
  return (
    <div class="network-box">
      <Canvas
        className="diagram"
        label={label}
        paint={(context, width, height, unit) => {
          canvas.current = context.canvas;
          const layout = layOut(sizes, width, height, unit);
          const diagram = { sizes, names, activations, layout, links, atlas, pictures, target: shownTarget, palette, linkPicture };
          paintDiagram(context, diagram, width, height, unit);
        }}
        attributes={{
          tabIndex: 0,
          role: "application",
          onKeyDown,
          onClick,
          onPointerMove: (event: PointerEvent) => {
            setByKey(false);
            setTarget(pointed(event));
          },
          onPointerLeave: () => setTarget(null),
          onBlur: () => setTarget(null),
        }}
      />
      <DiagramLegend hasHidden={sizes.length > 2} said={links.said} palette={palette} />
      <div class="unseen" role="status">
        {isByKey ? lines.join("; ") : ""}
      </div>
      {tipAt !== null && edited === null && (
        <div class={`tip ${tipAt[0] > (canvas.current?.clientWidth ?? 0) / 2 ? "to-left" : ""}`} style={at(tipAt)}>
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
        </div>
      )}
      {edited !== null && exists(edited.target, sizes) && (
        <NumberEditor
          name={nameOf(edited.target, sizes, names)}
          value={valueOf(edited.target, result)}
          at={edited.at}
          onClose={() => {
            setEdited(null);
            canvas.current?.focus();
          }}
          onSet={(value) => {
            const place = numberPlace(edited.target);
            if (place !== null) dispatch({ kind: "set_number", place, value });
          }}
        />
      )}
    </div>
  );
}

function weightsOf(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, outputs, layer) => sum + sizes[layer] * outputs, 0);
}

function at([x, y]: readonly [number, number]) {
  return { left: `${x}px`, top: `${y}px` };
}

function exists(target: Target, sizes: readonly number[]): boolean {
  if (target.kind === "neuron") return target.index < (sizes[target.layer] ?? 0);
  return target.from < (sizes[target.layer] ?? 0) && target.to < (sizes[target.layer + 1] ?? 0);
}

/** Where the number of a neuron or link is; null of an input, which has none. */
function numberPlace(target: Target): NumberPlace | null {
  if (target.kind === "link") return { layer: target.layer, output: target.to, source: target.from };
  return target.layer === 0 ? null : { layer: target.layer - 1, output: target.index, source: null };
}

function valueOf(target: Target, { layers }: Result): number {
  const place = numberPlace(target);
  if (place === null) return NaN;
  const { weights, biases } = layers[place.layer];
  return place.source === null
    ? biases[place.output]
    : weights[(place.output * weights.length) / biases.length + place.source];
}

function nameOfNeuron(layer: number, index: number, sizes: readonly number[], names: readonly string[]): string {
  if (layer === 0) return inputName(index);
  return layer === sizes.length - 1 ? `output ${names[index] ?? index}` : `hidden layer ${layer}, neuron ${index + 1}`;
}

function nameOf(target: Target, sizes: readonly number[], names: readonly string[]): string {
  const hasSymbols = sizes.length === 2 && sizes[1] === 2; // as in task 3, whose equations call the numbers so
  if (target.kind === "neuron") {
    const symbol = hasSymbols ? `${printed(`b${target.index + 1}`)}, ` : "";
    return `${symbol}bias of ${nameOfNeuron(target.layer, target.index, sizes, names)}`;
  }
  const { layer, from, to } = target;
  const symbol = hasSymbols ? `${printed(`w${to + 1}${from + 1}`)}, ` : "";
  return `${symbol}weight from ${nameOfNeuron(layer, from, sizes, names)} to ${nameOfNeuron(layer + 1, to, sizes, names)}`;
}

function describe(target: Target, result: Result, names: readonly string[]): string[] {
  const { sizes, responses } = result;
  if (target.kind === "link") return [`${nameOf(target, sizes, names)}: ${short(valueOf(target, result))}`];
  const { layer, index } = target;
  const before = sizes.slice(0, layer).reduce((sum, size) => sum + size, 0) + index;
  const points = responses.side ** 2;
  const answers = responses.numbers.subarray(before * points, (before + 1) * points);
  const [low, high] = [answers.reduce((a, b) => Math.min(a, b)), answers.reduce((a, b) => Math.max(a, b))];
  const bias = layer === 0 ? [] : [`bias ${short(valueOf(target, result))}`];
  return [nameOfNeuron(layer, index, sizes, names), ...bias, `answers from ${short(low)} to ${short(high)}`];
}

/** The neuron an arrow leads to. */
function moved(target: Target | null, [across, down]: readonly [number, number], sizes: readonly number[]): Target {
  const from = target === null ? { layer: 1, index: 0 } : neuronOf(target);
  const step = target === null ? [0, 0] : [across, down];
  const layer = Math.max(0, Math.min(sizes.length - 1, from.layer + step[0]));
  return { kind: "neuron", layer, index: Math.max(0, Math.min(sizes[layer] - 1, from.index + step[1])) };
}

/** From one link into a neuron to the next, and after the last to the neuron itself. */
function nextLink(target: Target | null, sizes: readonly number[]): Target {
  const { layer, index } = target === null ? { layer: 1, index: 0 } : neuronOf(target);
  const next = target?.kind === "link" ? target.from + 1 : 0;
  if (layer === 0 || next >= sizes[layer - 1]) return { kind: "neuron", layer, index };
  return { kind: "link", layer: layer - 1, from: next, to: index };
}

function neuronOf(target: Target): { layer: number; index: number } {
  return target.kind === "neuron" ? target : { layer: target.layer + 1, index: target.to };
}
