// The linear regions of a network in the plane and its decision boundary, exactly: `mlplab.boundary.exact`.

import type { Engine, Stored } from "./engine.ts";
import type { Layer } from "./layout.ts";

/** A network of two features, and what is asked of it. */
export interface PlaneNetwork {
  readonly sizes: readonly number[];
  readonly layers: readonly Layer[];
  /** Of each hidden layer. */
  readonly activations: readonly string[];
  /** 0 where a target is predicted: then there is no decision boundary. */
  readonly classes: number;
}

export interface LinearRegions {
  readonly count: number;
  /** Where each edge between two regions begins and ends: x1, x2, x1, x2. */
  readonly edges: Float64Array<ArrayBuffer>;
  /** Likewise the segments of the decision boundary. */
  readonly boundary: Float64Array<ArrayBuffer>;
  /** Of the decision boundary, in units of the coordinates. */
  readonly length: number;
}

/** Why there are none: a value is too large, or more regions than may be. */
type None = "not finite" | "too many";

const FIRST = 1024; // regions that there is room for at first
const OUTSIDE = -1;

/** The names of those activations that are not piecewise linear. */
export function curvedOf(engine: Engine, activations: readonly string[]): string[] {
  return [...new Set(activations.filter((name) => !(name in engine.contents.pieces)))];
}

/**
 * Cut a box into the linear regions of a network whose activations are piecewise linear.
 *
 * `box` is x1 from and to, x2 from and to; beyond `most` regions it is given up.
 */
export function linearRegions(
  engine: Engine,
  network: PlaneNetwork,
  box: readonly [number, number, number, number],
  most: number,
): LinearRegions | None {
  return engine.within(() => {
    const { sizes, layers, classes } = network;
    const outputs = sizes[sizes.length - 1];
    const space = new Space(engine, Math.max(...sizes.slice(0, -1), outputs + 2), most);
    engine.call("begin_box", { s: space.values, x1_min: box[0], x1_max: box[1], x2_min: box[2], x2_max: box[3] });
    const subdivided = space.run("subdivide", {
      weights: engine.array("float64", layers.flatMap(({ weights }) => [...weights])),
      biases: engine.array("float64", layers.flatMap(({ biases }) => [...biases])),
      sizes: engine.array("int64", sizes),
      pieces: piecesOf(engine, network.activations),
    });
    if (subdivided !== "done") return subdivided;
    const count = space.state("faces");
    const edges = space.segments("regions");
    if (classes === 0) return { count, edges, boundary: new Float64Array(0), length: 0 };
    const classified = space.run("classify", { outputs });
    if (classified !== "done") return classified;
    const boundary = space.segments("classes");
    return { count, edges, boundary, length: lengthOf(boundary) };
  });
}

/** A table of kinks, slopes and intercepts, (hidden layers, 3, kinks + 1), filled up with infinity. */
function piecesOf(engine: Engine, activations: readonly string[]): Stored<"float64"> {
  const all = activations.map((name) => engine.contents.pieces[name]);
  const longest = Math.max(1, ...all.map(({ slopes }) => slopes.length));
  const filled = (row: readonly number[]) => Array.from({ length: longest }, (_, i) => row[i] ?? Infinity);
  const table = all.flatMap(({ kinks, slopes, intercepts }) => [kinks, slopes, intercepts].flatMap(filled));
  return engine.array("float64", table, all.length, 3, longest);
}

type Field = Stored<"float64" | "int8" | "int32" | "int64">;

/** The arrays of a subdivision, as `mlplab.boundary.workspace` makes them. */
class Space {
  values: readonly Field[];
  private readonly engine: Engine;
  private readonly rows: number;
  private readonly most: number;
  private regions: number;

  constructor(engine: Engine, rows: number, most: number) {
    this.engine = engine;
    this.rows = rows;
    this.most = most;
    this.regions = Math.min(FIRST, most);
    this.values = this.made();
  }

  /** A number of what there is, or of what is done. */
  state(name: string): number {
    const { states } = this.engine.contents.subdivision;
    return Number(this.engine.view(this.field("state", "int64"))[states.indexOf(name)]);
  }

  /** Call a kernel, and enlarge the arrays until they hold all that it makes. */
  run(name: string, values: Readonly<Record<string, number | Stored>>): "done" | None {
    for (;;) {
      this.engine.call(name, { s: this.values, ...values });
      const ending = this.engine.contents.subdivision.endings[this.state("status")];
      if (ending === "not finite") return ending;
      if (ending === "done") return ending;
      if (this.regions >= this.most) return "too many";
      this.enlarge();
    }
  }

  /** The edges on whose sides a number of the faces is not the same, from vertex to vertex. */
  segments(differing: "regions" | "classes"): Float64Array<ArrayBuffer> {
    const { engine } = this;
    const points = engine.view(this.field("points", "float64"));
    const origins = engine.view(this.field("origins", "int32"));
    const faces = engine.view(this.field("faces", "int32"));
    const numbers = engine.view(this.field(differing, "int32"));
    const found: number[] = [];
    const edges = this.state("edges");
    for (let edge = 0; edge < edges; edge++) {
      const [left, right] = [faces[2 * edge], faces[2 * edge + 1]];
      if (left === OUTSIDE || right === OUTSIDE || numbers[left] === numbers[right]) continue;
      const [from, to] = [origins[2 * edge], origins[2 * edge + 1]];
      found.push(points[2 * from], points[2 * from + 1], points[2 * to], points[2 * to + 1]);
    }
    return Float64Array.from(found);
  }

  private field<T extends "float64" | "int8" | "int32" | "int64">(name: string, _: T): Stored<T> {
    return this.values[this.engine.contents.subdivision.fields.indexOf(name)] as Stored<T>;
  }

  /** Make room for twice as many regions, and keep what is there. */
  private enlarge(): void {
    const { engine } = this;
    this.regions = Math.min(2 * this.regions, this.most);
    const before = this.values;
    this.values = this.made();
    before.forEach((old, i) => {
      const anew = this.values[i];
      const [from, to] = [engine.view(old), engine.view(anew)] as [Float64Array, Float64Array];
      const width = old.shape[1] ?? 1;
      if (old.shape.length === 1 || width === anew.shape[1]) to.set(from);
      else for (let row = 0; row < old.shape[0]; row++) to.set(from.subarray(row * width, (row + 1) * width), row * anew.shape[1]);
    });
  }

  /** Arrays with room for so many regions, whatever is cut: each cut adds two vertices and three edges at most. */
  private made(): Field[] {
    const { engine, regions, rows } = this;
    const { fields, chunk, states } = engine.contents.subdivision;
    const [vertices, edges] = [2 * regions + 4, 3 * regions + 4];
    const stride = Math.ceil(vertices / 32) * 32 + 16; // no power of two: rows would share few lines of the cache
    const made: Readonly<Record<string, () => Field>> = {
      points: () => engine.zeros("float64", vertices, 2),
      values: () => engine.zeros("float64", rows, stride),
      signs: () => engine.zeros("int8", vertices),
      neurons: () => engine.zeros("int32", edges),
      scratch: () => engine.zeros("float64", rows, chunk),
      tolerances: () => engine.zeros("float64", rows),
      state: () => engine.zeros("int64", states.length),
    };
    const ofHalfEdges = ["origins", "following", "preceding", "faces"];
    return fields.map(
      (name) => made[name]?.() ?? engine.zeros("int32", ofHalfEdges.includes(name) ? 2 * edges : regions),
    );
  }
}

function lengthOf(segments: Float64Array): number {
  let length = 0;
  for (let i = 0; i < segments.length; i += 4)
    length += Math.hypot(segments[i + 2] - segments[i], segments[i + 3] - segments[i + 1]);
  return length;
}
