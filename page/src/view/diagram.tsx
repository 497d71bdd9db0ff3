// The network. Arrows go from neuron to neuron, W through the links into it, Enter or a click edits a number.

import { useMemo, useRef, useState } from "preact/hooks";

import { printed } from "../boundary/writing.ts";
import { classOfOutput } from "../engine/heads.ts";
import type { Dispatch } from "../state/actions.ts";
import type { Result } from "../worker/messages.ts";
import { ARROWS } from "./arrows.ts";
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

/** Where keys begin: the first neuron behind the inputs. */
const FIRST: Target = { layer: 0, output: 0, source: null };

const PACE = 120; // milliseconds after which many links are painted anew while they train

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
    setEdited(chosen === null || isInput(chosen) ? null : { target: chosen, at: placeOf(chosen) });
  }

  function placeOf({ layer, output, source }: Target): readonly [number, number] {
    const layout = layoutNow();
    if (source === null) {
      const { x, y, size } = layout.places[layer + 1][output];
      return [x + size / 2, y + size / 2];
    }
    const [x1, y1, x2, y2] = endsOf(layout, { layer, output, source });
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
        paint={(surface) => {
          canvas.current = surface.context.canvas;
          const layout = layOut(sizes, surface.width, surface.height, surface.unit);
          const diagram = { sizes, names, activations, layout, links, atlas, pictures, target: shownTarget, palette, linkPicture };
          paintDiagram(surface, diagram);
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
      <div class="unseen" role="status">{isByKey ? lines.join("; ") : ""}</div>
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
          onSet={(value) => dispatch({ kind: "set_number", place: edited.target, value })}
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

function exists({ layer, output, source }: Target, sizes: readonly number[]): boolean {
  return output < (sizes[layer + 1] ?? 0) && (source ?? 0) < (sizes[layer] ?? 1);
}

/** Inputs have no number that one could set. */
function isInput({ layer }: Target): boolean {
  return layer < 0;
}

function valueOf({ layer, output, source }: Target, { layers }: Result): number {
  const { weights, biases } = layers[layer];
  return source === null ? biases[output] : weights[(output * weights.length) / biases.length + source];
}

function neuronName(column: number, index: number, sizes: readonly number[], names: readonly string[]): string {
  if (column === 0) return inputName(index);
  const k = classOfOutput(index, sizes[sizes.length - 1]);
  const isOutput = column === sizes.length - 1;
  return isOutput ? `output ${names[k] ?? k}` : `hidden layer ${column}, neuron ${index + 1}`;
}

function nameOf({ layer, output, source }: Target, sizes: readonly number[], names: readonly string[]): string {
  const hasSymbols = sizes.length === 2 && sizes[1] === 2; // as in task 3, whose equations call the numbers so
  const symbol = source === null ? `b${output + 1}` : `w${output + 1}${source + 1}`;
  const neuron = neuronName(layer + 1, output, sizes, names);
  const name =
    source === null ? `bias of ${neuron}` : `weight from ${neuronName(layer, source, sizes, names)} to ${neuron}`;
  return hasSymbols ? `${printed(symbol)}, ${name}` : name;
}

function describe(target: Target, result: Result, names: readonly string[]): string[] {
  const { sizes, responses } = result;
  const { layer, output, source } = target;
  if (source !== null) return [`${nameOf(target, sizes, names)}: ${short(valueOf(target, result))}`];
  const before = sizes.slice(0, layer + 1).reduce((sum, size) => sum + size, 0) + output;
  const points = responses.side ** 2;
  const answers = responses.numbers.subarray(before * points, (before + 1) * points);
  const [low, high] = [answers.reduce((a, b) => Math.min(a, b)), answers.reduce((a, b) => Math.max(a, b))];
  const bias = isInput(target) ? [] : [`bias ${short(valueOf(target, result))}`];
  return [neuronName(layer + 1, output, sizes, names), ...bias, `answers from ${short(low)} to ${short(high)}`];
}

/** The neuron an arrow leads to. */
function moved(target: Target | null, [across, down]: readonly [number, number], sizes: readonly number[]): Target {
  if (target === null) return FIRST;
  const layer = Math.max(-1, Math.min(sizes.length - 2, target.layer + across));
  return { layer, output: Math.max(0, Math.min(sizes[layer + 1] - 1, target.output + down)), source: null };
}

/** From one link into a neuron to the next, and after the last to the neuron itself. */
function nextLink(target: Target | null, sizes: readonly number[]): Target {
  const { layer, output, source } = target ?? FIRST;
  const next = source === null ? 0 : source + 1;
  return { layer, output, source: next < (sizes[layer] ?? 0) ? next : null };
}
