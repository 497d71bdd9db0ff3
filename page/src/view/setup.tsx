// The set-up: a few fields of the experiment, until the form of the spec takes their place.

import type { Experiment, Training } from "../engine/experiment.ts";
import type { Dispatch } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import { STOP_RULES, type StopRule } from "../state/stopping.ts";
import { NumberField, SelectField } from "./fields.tsx";

const ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu"] as const;
const LOSSES = ["mean_squared_error", "categorical_crossentropy"] as const;

export function Setup({ state, dispatch }: { readonly state: State; readonly dispatch: Dispatch }) {
  const { experiment } = state;
  const { dataset, network, training } = experiment;
  const set = (changed: Partial<Experiment>) =>
    dispatch({ kind: "set_experiment", experiment: { ...experiment, ...changed } });
  const setTraining = (changed: Partial<Training>) => set({ training: { ...training, ...changed } });
  const rate = training.optimizer.learning_rate;
  return (
    <section class="panel setup" aria-label="set-up">
      <h2>Data</h2>
      <p class="muted">{inWords(dataset)}</p>
      {typeof dataset["sigma"] === "number" && (
        <NumberField
          label="sigma"
          value={dataset["sigma"]}
          low={0}
          high={1}
          onCommit={(sigma) => set({ dataset: { ...dataset, sigma } })}
        />
      )}
      <NumberField
        label="train per class"
        value={dataset.train_per_class}
        low={1}
        high={2000}
        whole
        onCommit={(count) => set({ dataset: { ...dataset, train_per_class: count } })}
      />
      <h2>Network</h2>
      <NumberField
        label="hidden layers"
        value={network.hidden_layers}
        low={0}
        high={12}
        whole
        onCommit={(layers) => set({ network: withLayers(experiment, layers) })}
      />
      {typeof network.layer_width === "number" && (
        <NumberField
          label="neurons in each"
          value={network.layer_width}
          low={1}
          high={128}
          whole
          onCommit={(width) => set({ network: { ...network, layer_width: width } })}
        />
      )}
      {typeof network.activation === "string" && (
        <SelectField
          label="activation"
          value={network.activation}
          options={ACTIVATIONS.map((name) => [name, name])}
          onChange={(activation) => set({ network: { ...network, activation } })}
        />
      )}
      <p class="muted">initial weights: {inWords(network.initializer)}</p>
      <h2>Training</h2>
      <SelectField
        label="loss"
        value={training.loss}
        options={LOSSES.map((name) => [name, name.replaceAll("_", " ")])}
        onChange={(loss) => setTraining({ loss })}
      />
      <p class="muted">optimizer: {inWords(training.optimizer)}</p>
      {typeof rate === "number" ? (
        <NumberField
          label="learning rate"
          value={rate}
          low={0}
          high={1000}
          onCommit={(value) => setTraining({ optimizer: { ...training.optimizer, learning_rate: value } })}
        />
      ) : (
        <p class="muted">learning rate: {inWords(rate)}</p>
      )}
      <NumberField
        label="batch size"
        value={training.batch_size}
        low={1}
        high={20000}
        whole
        onCommit={(size) => setTraining({ batch_size: size })}
      />
      <NumberField
        label="epochs"
        value={training.epochs}
        low={1}
        high={10000}
        whole
        onCommit={(epochs) => setTraining({ epochs })}
      />
      <SelectField
        label="stop"
        value={state.stopRule}
        options={Object.entries(STOP_RULES) as [StopRule, string][]}
        onChange={(stopRule) => dispatch({ kind: "set_stop_rule", stopRule })}
      />
    </section>
  );
}

/** A part in words: its kind, and its fields that are numbers. */
function inWords(part: { readonly kind: string; readonly [field: string]: unknown }): string {
  const fields = Object.entries(part).filter(([name, value]) => name !== "learning_rate" && typeof value === "number");
  const numbers = fields.map(([name, value]) => `${name.replaceAll("_", " ")} ${String(value)}`).join(", ");
  return `${part.kind.replaceAll("_", " ")}${numbers === "" ? "" : ` (${numbers})`}`;
}

/** The network with so many hidden layers, alike if they were. */
function withLayers({ network }: Experiment, layers: number): Experiment["network"] {
  if (layers === 0) return { ...network, hidden_layers: 0, layer_width: null, activation: null };
  const width = typeof network.layer_width === "number" ? network.layer_width : 8;
  const activation = typeof network.activation === "string" ? network.activation : "relu";
  return { ...network, hidden_layers: layers, layer_width: width, activation };
}
