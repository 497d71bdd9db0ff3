// What kernels find of a network over samples, and of samples: `mlplab.engine.measured`.

import { explanation } from "../explain/table.ts";
import type { Engine, Stored } from "./engine.ts";
import type { Head } from "./heads.ts";
import { rowsOfH, vectorsOf, type described, type Layer, type Layout } from "./layout.ts";

/** A network, measured over all training samples: `mlplab.engine.measured`. */
export interface Measured {
  readonly loss: number;
  readonly metric: number;
  readonly predicted: readonly number[];
  /** (layers, measures), the outputs' last. */
  readonly layers: Float64Array;
}

/** A network that goes forwards through samples. */
export interface Forwards {
  readonly layout: Layout;
  readonly network: ReturnType<typeof described>;
  readonly head: Head;
  readonly activations: readonly string[];
  readonly theta: Stored<"float32">;
}

/** What all kernels want that go forwards through samples, with arrays to work in; within `engine.within`. */
export function forwards(engine: Engine, of: Forwards, samples: Stored<"float32">, layers?: readonly Layer[]) {
  const { layout, network } = of;
  let { theta } = of;
  if (layers !== undefined) {
    theta = engine.zeros("float32", layout.rows, engine.contents.lanes);
    layout.pack(engine.view(theta), layers);
  }
  const { lanes } = engine.contents;
  const vectors = vectorsOf(engine, samples.shape[1]);
  return {
    theta,
    ...network,
    samples,
    vectors,
    chosen: engine.zeros("int64", vectors * lanes),
    h: engine.zeros("float32", layout.neurons * vectors, lanes),
    answers: engine.zeros("float32", 1, vectors * lanes),
    scratch: engine.zeros("float32", 3, vectors, lanes),
  };
}

/** Measure a network over samples, and how far its weights went since those of `before`. */
export function measure(
  engine: Engine,
  of: Forwards,
  samples: Stored<"float32">,
  classes: number,
  parameters: Float32Array,
  before: Float32Array,
): Measured {
  const { layout, head, activations } = of;
  const { lanes } = engine.contents;
  return engine.within(() => {
    const stored = (numbers: Float32Array) => engine.array("float32", numbers, layout.rows, lanes);
    const { answers: _, h: __, ...through } = forwards(engine, of, samples);
    const { vectors } = through;
    const rows = layout.neurons * vectors;
    const widest = Math.floor((Math.max(...layout.sizes) + lanes) / lanes);
    const settings = engine.contents.settings.length + layout.sizes.length;
    const predicted = engine.zeros("int64", classes, 1);
    const seen = engine.zeros("float64", 3, 1);
    const layers = layout.sizes.length - 1;
    const measures = engine.zeros("float64", layers, explanation.measures);
    engine.call("measure", {
      ...through,
      theta: stored(parameters),
      before: stored(before),
      switches: engine.zeros("int64", engine.contents.switches.length),
      settings: engine.zeros("float64", settings, 1),
      keys: engine.zeros("uint64", 1),
      h: engine.zeros("float32", rowsOfH(engine, activations, false, rows), lanes),
      delta: engine.zeros("float32", rows, lanes),
      by_sample: engine.zeros("float32", vectors * lanes * widest, lanes),
      answers: engine.zeros("float32", head.answers, vectors * lanes),
      gradient: engine.zeros("float32", layout.rows, lanes),
      unused: engine.zeros("float32", 3, lanes),
      line: engine.zeros("float32", 2 * vectors * lanes),
      sums: engine.zeros("float64", 4, layout.neurons),
      seen,
      predicted,
      measures,
    });
    const [loss, metric] = engine.view(seen);
    return { loss, metric, predicted: [...engine.view(predicted)].map(Number), layers: engine.copy(measures) };
  });
}

/** What samples are like, by the names of the spec's `sample_facts`. */
export function sampleFactsOf(
  engine: Engine,
  samples: Stored<"float32">,
  features: number,
  classes: number,
): Readonly<Record<string, number>> {
  const { sample_facts: names, followed } = explanation;
  return engine.within(() => {
    const facts = engine.zeros("float64", names.length);
    engine.call("score_neighbours", {
      samples,
      features,
      classes,
      targets: classes === 0 ? 1 : 0,
      room: engine.zeros("float64", 6, Math.max(followed, classes)),
      facts,
    });
    const found = engine.copy(facts);
    return Object.fromEntries(names.map((name, i) => [name, found[i]]));
  });
}
