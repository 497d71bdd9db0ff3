// The kernel that trains one network, with the arrays in which it works: `mlplab.engine.single`.

import type { Engine, Stored } from "./engine.ts";
import type { Head } from "./heads.ts";
import { rowsOfH, without, type described, type Layout } from "./layout.ts";
import { withBesides, type Besides } from "./options.ts";

/** One network, and how it is trained. Theta, moments, history, watched and place are written to. */
export interface SingleTraining {
  readonly layout: Layout;
  readonly network: ReturnType<typeof described>;
  readonly activations: readonly string[];
  readonly drops: boolean;
  readonly head: Head;
  readonly theta: Stored<"float32">;
  readonly moments: readonly [Stored<"float32">, Stored<"float32">];
  /** The address of the optimizer's update. */
  readonly optimizer: bigint;
  readonly constants: readonly number[];
  /** (updates, count). */
  readonly rates: Stored<"float32">;
  readonly key: bigint;
  readonly batchSize: number;
  readonly besides: Besides | null;
  readonly samples: Stored<"float32">;
  /** How many of them there are to be shuffled: all, if not given. */
  readonly shuffled?: number;
  /** None, if not given. */
  readonly validation?: Stored<"float32">;
  readonly history: Stored<"float64">;
  readonly watched: Stored<"float64">;
  readonly place: Stored<"int64">;
  /** Rows of samples that go through the layers together, of a batch and of the validation samples. */
  readonly vectors: number;
  readonly validationVectors: number;
}

/** Train, within `engine.within`, and return the arrays of the last batch: valid until its end. */
export function trainSingle(engine: Engine, training: SingleTraining) {
  const { lanes, segment } = engine.contents;
  const { layout, rates, samples, vectors, validationVectors, activations, drops, head } = training;
  const most = Math.max(vectors, validationVectors);
  const rows = layout.neurons * most;
  const widest = Math.floor((Math.max(...layout.sizes) + lanes) / lanes);
  const shuffled = training.shuffled ?? samples.shape[1];
  const gradient = engine.zeros("float32", layout.rows, lanes);
  const indices = engine.zeros("int32", shuffled);
  const h = engine.zeros("float32", rowsOfH(engine, activations, drops, rows), lanes);
  const delta = engine.zeros("float32", rows, lanes);
  const [kernel, argument] = withBesides("single_train", training.besides);
  engine.call(kernel, {
    theta: training.theta,
    first_moment: training.moments[0],
    second_moment: training.moments[1],
    ...training.network,
    optimizer: training.optimizer,
    constants: engine.array("float32", training.constants),
    rates,
    key: training.key,
    batch_size: training.batchSize,
    besides: argument,
    samples,
    validation: training.validation ?? without(samples),
    history: training.history,
    watched: training.watched,
    place: training.place,
    stop: engine.zeros("uint8", 1),
    done: engine.zeros("int64", 1),
    evaluation: engine.known("evaluation", "single")[0],
    vectors,
    validation_vectors: validationVectors,
    indices,
    partners: engine.zeros("int32", shuffled),
    chosen: engine.zeros("int64", most * lanes),
    h,
    delta,
    by_sample: engine.zeros("float32", most * lanes * widest, lanes),
    answers: engine.zeros("float32", head.answers, most * lanes),
    scratch: engine.zeros("float32", 3, most, lanes),
    gradient,
    rate: engine.zeros("float32", rates.shape[1] * segment),
    repeated: engine.zeros("float32", 3, segment),
    seen: engine.zeros("float64", 3, 1),
    uncounted: engine.zeros("int64", 0, 1),
  });
  return { gradient, h, delta, indices };
}
