// The next update, stage by stage: the network with its numbers, and the formulas into which they are filled.

import { useEffect, useMemo } from "preact/hooks";

import { activations } from "../../engine/experiment.ts";
import { spec } from "../../spec/schema.ts";
import { followedPlace, shownStage, stagesOf, type Stage, type StepAction } from "../../state/step.ts";
import { resultNow, type State } from "../../state/state.ts";
import { plain } from "../../text/formula.ts";
import { counted, words } from "../../text/sentence.ts";
import type { NumberPlace, Observed, Result } from "../../worker/messages.ts";
import { Button } from "../button.tsx";
import { Segmented, Select } from "../choices.tsx";
import { TextField } from "../form/fields.tsx";
import { about, help } from "../help/help.ts";
import type { PaintedProperties } from "../properties.ts";
import { targetScale } from "../target.ts";
import { Effect } from "./effect.tsx";
import { linesOf, Reading, type Line } from "./lines.ts";
import { shownNeurons, type Shown } from "./shown_neurons.ts";
import { StepDiagram } from "./step_diagram.tsx";

const PAUSE = 2500; // milliseconds that slow motion shows a stage

export function StepTab({ state, palette, dispatch }: PaintedProperties) {
  const { step } = state;
  const result = resultNow(state); // of another training, the experiment would be another one
  const act = (made: StepAction) => dispatch({ kind: "step", act: made });
  const stage = shownStage(state);
  const observed = result?.observed ?? null;
  useEffect(() => {
    if (!step.playing || observed === null) return;
    const timer = setTimeout(() => act({ kind: "next_stage" }), PAUSE);
    return () => clearTimeout(timer);
  }, [step.playing, stage, observed === null]);
  if (result === null) return <p class="muted">The next update is being computed.</p>;
  return (
    <div class="step-tab">
      <Whose state={state} act={act} />
      {observed === null ? (
        <p class="muted">{whyNone(state, result)}</p>
      ) : (
        <Shower {...{ state, palette, dispatch, result, observed, act, stage }} />
      )}
    </div>
  );
}

/** Whose update it is: the batch's, or that of one training point. */
function Whose({ state, act }: { readonly state: State; readonly act: (made: StepAction) => void }) {
  const { point } = state.step;
  const observed = state.result?.observed ?? null;
  return (
    <div class="row">
      <Segmented
        label="whose update"
        chosen={point === null ? "batch" : "point"}
        options={[["batch", "batch", "step_batch"], ["point", "one point", "step_alone"]]}
        onChoose={(chosen) => act({ kind: "choose_point", point: chosen === "batch" ? null : (observed?.samples[0] ?? 0) })}
      />
      {point !== null && (
        <TextField
          id="step-point"
          className="step-point"
          label="point"
          explained={about("step_point")}
          shown={String(point)}
          onEnter={(text) => act({ kind: "enter_point", text })}
        />
      )}
    </div>
  );
}

function whyNone(state: State, { ending, step, playing }: Result): string {
  if (state.playing || playing) return "While it trains, there is no update to look at: pause.";
  if (ending === "diverged" || ending === "stopped early") return `The training has ended after ${counted(step, "update")}: there is no next one. Look back on the time line.`;
  return "The next update is being computed.";
}

interface ShowerProperties extends PaintedProperties {
  readonly result: Result;
  readonly observed: Observed;
  readonly act: (made: StepAction) => void;
  readonly stage: number;
}

function Shower({ state, palette, result, observed, act, stage: number }: ShowerProperties) {
  const { step, points } = state;
  const reading = useMemo(() => new Reading(observed, state.experiment), [observed]);
  const place = useMemo(() => followedPlace(observed, step.place), [observed, step.place]);
  const stages = stagesOf(observed.before.length);
  const stage = stages[number];
  const shown = shownNeurons(reading, stage, place);
  const title = titleOf(stage, reading, place);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const isTyping = event.target instanceof Element && event.target.closest("input:not([type=range]), select") !== null;
    if (by === 0 || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act({ kind: "move_stage", by });
  };
  return (
    <div onKeyDown={onKeyDown}>
      <p class="muted">{aboutOf(observed)}</p>
      <div class="row step-stages">
        <Button look="small" aria-label="stage before" {...help("step_before")} disabled={number === 0} onClick={() => act({ kind: "move_stage", by: -1 })}>‹</Button>
        <input
          type="range"
          min={0}
          max={stages.length - 1}
          value={number}
          aria-label="stage"
          {...help("step_stage")}
          aria-valuetext={title}
          onInput={(event) => act({ kind: "go_to_stage", stage: Number(event.currentTarget.value) })}
        />
        <Button look="small" aria-label="next stage" {...help("step_next")} disabled={number === stages.length - 1} onClick={() => act({ kind: "move_stage", by: 1 })}>›</Button>
        <Button look="small" {...help("step_play")} aria-pressed={step.playing} onClick={() => act({ kind: "play", on: !step.playing })}>
          {step.playing ? "Pause" : "Slow motion"}
        </Button>
      </div>
      <p class="step-title" aria-live="polite">{title}</p>
      {stage.kind === "weight" && <WeightChoice observed={observed} place={place} act={act} />}
      {stage.kind === "effect" && points !== null ? (
        <Effect regions={result.regions} scale={targetScale(state)} {...{ observed, points, palette }} />
      ) : (
        <StepDiagram {...{ reading, stage, place, shown, palette }} onChoose={(chosen) => act({ kind: "choose_weight", changed: chosen })} />
      )}
      <dl class="step-lines">
        {linesOf(reading, stage, shown.neurons, place).map((line, i) => (
          <Formula key={i} line={line} />
        ))}
      </dl>
      {leftOut(stage, reading, shown)}
    </div>
  );
}

function Formula({ line: { left, numbers, value } }: { readonly line: Line }) {
  const isDone = numbers === value; // as with a linear output
  return (
    <div class="step-line">
      {left !== undefined && <dt>{left} =</dt>}
      <dd>
        {!isDone && numbers}
        {value !== undefined && <span>{isDone ? "" : " = "}<strong>{value}</strong></span>}
      </dd>
    </div>
  );
}

/** The weight that is followed, by three menus; a link of the diagram chooses it, too. */
function WeightChoice({ observed, place, act }: { readonly observed: Observed; readonly place: NumberPlace; readonly act: (made: StepAction) => void }) {
  const { weights, biases } = observed.before[place.layer];
  const inputs = weights.length / biases.length;
  const numbered = (count: number, first = 1) => Array.from({ length: count }, (_, i) => [String(i + first), String(i + first)] as const);
  const choose = (changed: Partial<NumberPlace>) => act({ kind: "choose_weight", changed });
  return (
    <div class="row step-weight">
      <label>
        layer{" "}
        <Select
          {...help("step_weight")}
          chosen={String(place.layer + 1)}
          options={numbered(observed.before.length)}
          onChoose={(text) => choose({ layer: Number(text) - 1, output: 0, source: 0 })}
        />
      </label>
      <label>
        neuron{" "}
        <Select {...help("step_weight")} chosen={String(place.output + 1)} options={numbered(biases.length)} onChoose={(text) => choose({ output: Number(text) - 1 })} />
      </label>
      <label>
        input{" "}
        <Select
          {...help("step_weight")}
          chosen={place.source === null ? "bias" : String(place.source + 1)}
          options={[...numbered(inputs), ["bias", "bias"]]}
          onChoose={(text) => choose({ source: text === "bias" ? null : Number(text) - 1 })}
        />
      </label>
    </div>
  );
}

function aboutOf({ update, epoch, point, samples }: Observed): string {
  const which = `Update ${update}, in epoch ${epoch}`;
  if (point !== null) return `${which}, as training point ${point} alone would make it.`;
  const batch = `a batch of ${samples.length}`;
  return samples.length === 1
    ? `${which}: ${batch}, training point ${samples[0]}.`
    : `${which}: ${batch}. The numbers at the neurons are those of its first point, ${samples[0]}.`;
}

function titleOf(stage: Stage, { last, experiment, head }: Reading, { layer }: NumberPlace): string {
  const of = (at: number) => `layer ${at + 1} of ${last + 1}`;
  switch (stage.kind) {
    case "forward": {
      const name = activations(experiment.network).at(stage.layer);
      const formula = stage.layer === last || name === undefined ? `p = ${plain(head.output)}` : `h = ${plain(spec.formulas.activations[name].formula)}`;
      return `Forward, ${of(stage.layer)}: z = Σ w·${stage.layer === 0 ? "x" : "h"} + b, ${formula}`;
    }
    case "loss":
      return `The loss: ${words(experiment.training.loss)}`;
    case "back":
      return stage.layer === last ? `Back, ${of(last)}: g = ∂ℓ/∂p, δ = ∂L/∂z, ∂ℓ/∂z = ${plain(head.backward)}` : `Back, ${of(stage.layer)}: δ = Σ w·δ of the next layer, times h'(z)`;
    case "weight":
      return `Gradient and update of a weight of layer ${layer + 1}, by ${experiment.training.optimizer.kind}`;
    case "effect":
      return "The effect on the plane";
  }
}

/** What a stage does not show. */
function leftOut(stage: Stage, reading: Reading, { neurons, isWhole }: Shown) {
  if (isWhole || (stage.kind !== "forward" && stage.kind !== "back")) return null;
  const all = reading.observed.before[stage.layer].biases.length;
  const left = all - neurons[stage.layer + 1].length;
  return left === 0 ? null : <p class="muted">{left} other neurons of this layer are not shown.</p>;
}
