// The compiled module: its memory, and its functions called with arrays. What it has, `engine.json` says.

/** What is in the module, as the build wrote it down. */
export interface Contents {
  readonly lanes: number;
  readonly chunk: number;
  readonly stride: number;
  readonly segment: number;
  readonly vectors: number;
  readonly streams: readonly string[];
  readonly switches: readonly string[];
  readonly settings: readonly string[];
  readonly watched: readonly string[];
  /** What a rule may look at, in the order of an epoch's scores. */
  readonly monitors: readonly string[];
  readonly functions: Readonly<Record<string, readonly (readonly [string, Kind])[]>>;
  readonly addresses: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  /** Of each head what a packed sample has after its features, in this order. */
  readonly answers: Readonly<Record<string, readonly string[]>>;
  /** Answers of which a sample has one for each output; the others it has once. */
  readonly of_each_output: readonly string[];
  /** Activations whose slope takes the pre-activation, which a training then keeps. */
  readonly keep_z: readonly string[];
  /** Where the sub-streams of biases begin in the stream of weights. */
  readonly biases: number;
  /** In the place of a sub-stream: a layer's numbers follow those of the layer before it. */
  readonly goes_on: number;
  /** Of the activations that are piecewise linear. */
  readonly pieces: Readonly<Record<string, Pieces>>;
  readonly subdivision: Subdivision;
  readonly datasets: Readonly<Record<string, DatasetKind>>;
  readonly initializers: Readonly<Record<string, readonly string[]>>;
  readonly optimizers: Readonly<Record<string, OptimizerKind>>;
  /** The fields that clip a gradient, of which one may be set. */
  readonly clipping: readonly string[];
  readonly schedules: Readonly<Record<string, readonly string[]>>;
}

/** How a kernel that cuts a subdivision ends. */
export type Ending = "done" | "full" | "not finite";

/** What kernels know of a subdivision of the plane, in their order. */
interface Subdivision {
  readonly fields: readonly string[];
  readonly chunk: number;
  readonly states: readonly string[];
  readonly endings: readonly Ending[];
}

/** An activation between its kinks: σ(z) = slope · z + intercept. */
interface Pieces {
  readonly kinks: readonly number[];
  readonly slopes: readonly number[];
  readonly intercepts: readonly number[];
}

interface DatasetKind {
  readonly parameters: readonly string[];
  readonly features: number;
  readonly targets: number;
  readonly uniforms: number;
}

interface OptimizerKind {
  readonly parameters: readonly string[];
  /** Numbers that scale an update, without that of the weight decay. */
  readonly step_sizes: number;
  /** Names of the updates that it may need, as they stand in `addresses`. */
  readonly updates: readonly string[];
}

/** A number, an array, or a tuple of them: what a function takes. */
type Kind = string | { readonly array: NumberType; readonly dimensions: number } | { readonly tuple: readonly Kind[] };

const VIEWS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint64: BigUint64Array,
} as const;

type NumberType = keyof typeof VIEWS;
export type View<T extends NumberType> = InstanceType<(typeof VIEWS)[T]>;

/** An array in the module's memory. */
export interface Stored<T extends NumberType = NumberType> {
  readonly type: T;
  readonly shape: readonly number[];
  readonly at: number;
}

export type Value = number | bigint | Stored | readonly Value[];

const LINE = 64; // bytes of a line of the cache: rows of LANES numbers begin where one begins

/**
 * The module, instantiated.
 *
 * Memory is an arena: arrays are made from `top` on, and given back together by `within`. A view of an array
 * is good until the next one is made or a function is called, since memory may then move.
 */
export class Engine {
  readonly contents: Contents;
  /** Whether a product and a sum are rounded once by one instruction, and not by way of float64. */
  readonly fused: boolean;
  private readonly memory: WebAssembly.Memory;
  private readonly exports: Record<string, CallableFunction>;
  private readonly heap: number;
  private readonly addresses: number;
  private readonly bottom: number;
  private top: number;

  private constructor(contents: Contents, instance: WebAssembly.Instance, fused: boolean) {
    const place = (name: string) => (instance.exports[name] as WebAssembly.Global).value as number;
    this.contents = contents;
    this.fused = fused;
    this.memory = instance.exports["memory"] as WebAssembly.Memory;
    this.exports = instance.exports as Record<string, CallableFunction>;
    this.heap = place("heap");
    this.addresses = place("addresses");
    this.bottom = place("__heap_base");
    this.top = this.bottom;
  }

  /** Give back all arrays. Nothing that was made before may be used again. */
  clear(): void {
    this.top = this.bottom;
  }

  /** Use the fused module where the processor rounds a product and a sum once, else the exact one. */
  static async start(contents: Contents, modules: Modules): Promise<Engine> {
    const fused = await instantiated(await modules.fused());
    if (fused !== null && roundsOnce(fused)) return new Engine(contents, fused, true);
    return Engine.exact(contents, modules);
  }

  /** Use the exact module, which is the same to the last bit and slower. */
  static async exact(contents: Contents, modules: Modules): Promise<Engine> {
    const exact = await instantiated(await modules.exact());
    if (exact === null) throw new Error("This browser cannot run WebAssembly with SIMD: any of 2023 or later can.");
    return new Engine(contents, exact, false);
  }

  /** Make an array of zeros. */
  zeros<T extends NumberType>(type: T, ...shape: number[]): Stored<T> {
    const at = Math.ceil(this.top / LINE) * LINE;
    const bytes = size(shape) * VIEWS[type].BYTES_PER_ELEMENT;
    this.reserve(at + bytes);
    new Uint8Array(this.memory.buffer, at, bytes).fill(0);
    return { type, shape, at };
  }

  /** Make an array of some numbers. */
  array<T extends NumberType>(type: T, numbers: ArrayLike<number | bigint>, ...shape: number[]): Stored<T> {
    const stored = this.zeros(type, ...(shape.length > 0 ? shape : [numbers.length]));
    const view = this.view(stored) as unknown as { [i: number]: number | bigint };
    const isWhole = type === "int64" || type === "uint64";
    for (let i = 0; i < numbers.length; i++) view[i] = isWhole ? BigInt(numbers[i]) : numbers[i];
    return stored;
  }

  /** The numbers of an array, where they are. */
  view<T extends NumberType>(stored: Stored<T>): View<T> {
    return new VIEWS[stored.type](this.memory.buffer, stored.at, size(stored.shape)) as View<T>;
  }

  /** A copy of the numbers of an array. */
  copy<T extends NumberType>(stored: Stored<T>): View<T> {
    return this.view(stored).slice() as View<T>;
  }

  /** Do something, and give back the arrays that were made meanwhile. */
  within<R>(work: () => R): R {
    const before = this.top;
    try {
      return work();
    } finally {
      this.top = before;
    }
  }

  /** What kernels know an activation, a head or an optimizer by. */
  known(family: string, name: string): bigint[] {
    const places = this.contents.addresses[family]?.[name];
    if (places === undefined) throw new Error(`the module has no ${name} among its ${family}`);
    const table = new Uint32Array(this.memory.buffer, this.addresses);
    return places.map((place) => BigInt(table[place]));
  }

  /** Call a function with its arguments by name. */
  call(name: string, values: Readonly<Record<string, Value>>): void {
    this.within(() => {
      const slots: bigint[] = [];
      for (const [argument, kind] of this.contents.functions[name]) flatten(kind, values[argument], slots);
      const at = this.zeros("uint64", slots.length).at;
      new BigUint64Array(this.memory.buffer, at, slots.length).set(slots);
      new Uint32Array(this.memory.buffer, this.heap, 1)[0] = this.top;
      const status = this.exports[name](at) as number;
      if (status !== 0) throw new Error(`${name} failed with status ${status}`);
    });
  }

  private reserve(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    this.top = end;
  }
}

/** The two modules, as functions that give their bytes. */
interface Modules {
  readonly fused: () => BufferSource | Promise<BufferSource>;
  readonly exact: () => BufferSource | Promise<BufferSource>;
}

async function instantiated(bytes: BufferSource): Promise<WebAssembly.Instance | null> {
  if (!WebAssembly.validate(bytes)) return null;
  return (await WebAssembly.instantiate(bytes, {})).instance;
}

/** Whether a product and a sum are rounded once: 2⁻²⁴ is lost where the product is rounded before. */
function roundsOnce(instance: WebAssembly.Instance): boolean {
  const multiplyAdd = instance.exports["multiply_add"] as (a: number, b: number, c: number) => number;
  const x = 1 + 2 ** -12;
  return multiplyAdd(x, x, -(1 + 2 ** -11)) === 2 ** -24;
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

const bits = new DataView(new ArrayBuffer(8));

/** Write an argument as the numbers, of eight bytes each, that the function reads. */
function flatten(kind: Kind, value: Value, out: bigint[]): void {
  if (typeof kind === "string") {
    if (kind === "none") {
      out.push(0n);
    } else if (kind === "float64") {
      bits.setFloat64(0, value as number, true);
      out.push(bits.getBigUint64(0, true));
    } else {
      out.push(BigInt.asUintN(64, BigInt(value as number | bigint)));
    }
  } else if ("tuple" in kind) {
    kind.tuple.forEach((each, i) => flatten(each, (value as readonly Value[])[i], out));
  } else {
    const { type, shape, at } = value as Stored;
    if (type !== kind.array || shape.length !== kind.dimensions)
      throw new Error(`expected ${kind.array} of ${kind.dimensions} dimensions, received ${type} of shape ${shape}`);
    const bytes = VIEWS[type].BYTES_PER_ELEMENT;
    const strides: number[] = [];
    let step = bytes;
    for (const length of [...shape].reverse()) {
      strides.unshift(step);
      step *= length;
    }
    out.push(...[0, 0, size(shape), bytes, at, ...shape, ...strides].map(BigInt));
  }
}
