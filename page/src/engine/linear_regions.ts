// The linear regions of a network in the plane and its decision boundary, exactly: `mlplab.boundary.exact`.

import type { Ending, Engine, Stored } from "./engine.ts";
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

const FIRST = 1024; // regions that there is room for, where nothing is known
const OUTSIDE = -1;

/** The names of those activations that are not piecewise linear. */
export function curvedOf(engine: Engine, activations: readonly string[]): string[] {
  return [...new Set(activations.filter((name) => !(name in engine.contents.pieces)))];
}

/**
 * Cut a box into the linear regions of a network whose activations are piecewise linear.
 *
 * `box` is x1 from and to, x2 from and to; beyond `most` regions it is given up. `expected` is about how many there
 * are: where there is no room for all, it is begun anew with more.
 */
export function linearRegions(
  engine: Engine,
  network: PlaneNetwork,
  box: readonly [number, number, number, number],
  most: number,
  expected: number = FIRST,
): LinearRegions | None {
  for (let room = Math.min(expected, most); ; room = Math.min(2 * room, most)) {
    const found = engine.within(() => foundWithin(engine, network, box, room));
    if (found !== "full") return found;
    if (room >= most) return "too many";
  }
}

function foundWithin(
  engine: Engine,
  { sizes, layers, activations, classes }: PlaneNetwork,
  [x1_min, x1_max, x2_min, x2_max]: readonly [number, number, number, number],
  room: number,
): LinearRegions | "full" | "not finite" {
  const outputs = sizes[sizes.length - 1];
  const space = new Space(engine, Math.max(...sizes.slice(0, -1), outputs + 2), room);
  space.call("begin_box", { x1_min, x1_max, x2_min, x2_max });
  const subdivided = space.call("subdivide", {
    weights: engine.array("float64", layers.flatMap(({ weights }) => [...weights])),
    biases: engine.array("float64", layers.flatMap(({ biases }) => [...biases])),
    sizes: engine.array("int64", sizes),
    pieces: piecesOf(engine, activations),
  });
  if (subdivided !== "done") return subdivided;
  const count = space.state("faces");
  const edges = space.segments("regions");
  if (classes === 0) return { count, edges, boundary: new Float64Array(0), length: 0 };
  if (space.call("classify", { outputs }) !== "done") return "full";
  const boundary = space.segments("classes");
  return { count, edges, boundary, length: lengthOf(boundary) };
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

/** The arrays of a subdivision with room for so many regions, as `mlplab.boundary.workspace` makes them. */
class Space {
  private readonly fields: readonly Field[];
  private readonly engine: Engine;

  constructor(engine: Engine, rows: number, regions: number) {
    this.engine = engine;
    const { fields, chunk, states } = engine.contents.subdivision;
    // Each cut of a face adds two vertices and three edges at most.
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
    this.fields = fields.map(
      (name) => made[name]?.() ?? engine.zeros("int32", ofHalfEdges.includes(name) ? 2 * edges : regions),
    );
  }

  /** Call a kernel; return how it ends. */
  call(name: string, values: Readonly<Record<string, number | Stored>>): Ending {
    this.engine.call(name, { s: this.fields, ...values });
    return this.engine.contents.subdivision.endings[this.state("status")];
  }

  /** A number of what there is, or of what is done. */
  state(name: string): number {
    const { states } = this.engine.contents.subdivision;
    return Number(this.engine.view(this.field("state", "int64"))[states.indexOf(name)]);
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
    return this.fields[this.engine.contents.subdivision.fields.indexOf(name)] as Stored<T>;
  }
}

function lengthOf(segments: Float64Array): number {
  let length = 0;
  for (let i = 0; i < segments.length; i += 4)
    length += Math.hypot(segments[i + 2] - segments[i], segments[i + 3] - segments[i + 1]);
  return length;
}
