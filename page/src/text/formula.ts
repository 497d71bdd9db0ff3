// Formulas as templates, into which numbers are filled, and which are computed: `mlplab.spec.formulas`.

/** A number for each name, or one for each output. */
export type Values = Readonly<Record<string, number | ArrayLike<number>>>;

const NAME = /\{([^{}]+)\}/g;
const SUM = /Σ\[([^\]]*)\]/g;

/** The template with its names, as "w - η · g". */
export function plain(template: string): string {
  return template.replace(NAME, "$1").replace(SUM, "Σ($1)");
}

/** A number with four digits, as Python writes it. */
export function briefly(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e4)) {
    const written = value.toExponential(3).replace(/\.?0+e/, "e");
    return written.replace(/e(?<sign>[+-])(?<digit>\d)$/, "e$<sign>0$<digit>");
  }
  return String(Number(value.toPrecision(4)));
}

/** A number, a negative one in parentheses. */
export function inParentheses(value: number): string {
  const written = briefly(value);
  return written.startsWith("-") ? `(${written})` : written;
}

interface How {
  /** Of which output the formula is. */
  readonly output?: number;
  readonly write?: (value: number) => string;
  /** Terms of a sum that are written at most; the rest is "…". */
  readonly most?: number;
}

/** A template with numbers in the place of its names; negative ones stand in parentheses. */
export function filled(template: string, values: Values, { output = 0, write = briefly, most = Infinity }: How = {}): string {
  const ofOutput = (text: string, k: number, begins = true) =>
    text.replace(NAME, (found, name: string, at: number) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the formula ${template} needs ${name}`);
      const written = write(typeof value === "number" ? value : value[k]);
      if (!written.startsWith("-")) return written;
      const [before, after] = [text.slice(0, at), text.slice(at + found.length)];
      const isFree = /(?:\(|, |\||if |< )$/.test(before) || (begins && before === "");
      return isFree && !/^[²³]/.test(after) ? written : `(${written})`;
    });
  const withSums = template.replace(SUM, (_, term: string) => {
    const lists = [...term.matchAll(NAME)].map(([, name]) => values[name]);
    const count = Math.max(1, ...lists.map((value) => (typeof value === "number" ? 1 : (value?.length ?? 1))));
    const shown = Math.min(count, most);
    const terms = Array.from({ length: shown }, (__, k) => ofOutput(term, k, k === 0));
    return `(${[...terms, ...(shown < count ? ["…"] : [])].join(" + ")})`;
  });
  return ofOutput(withSums, output);
}

/** What a template comes to. */
export function evaluate(template: string, values: Values, output = 0): number {
  const exact = (value: number) => (Object.is(value, -0) ? "0" : String(value).replace(/e([+-])/, "E$1"));
  return new Reader(filled(template, values, { output, write: exact })).whole();
}

const TOKEN = /\s*(\d+(?:\.\d+)?(?:E[+-]\d+)?|e\^\(|√\(|(?:log|tanh|min|max|sign|Φ|φ)\(|if|else|[-+·/²³(),|<>≤≥π])/y;

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  "(": (a) => a,
  "e^(": Math.exp,
  "√(": Math.sqrt,
  "log(": Math.log,
  "tanh(": Math.tanh,
  "min(": Math.min,
  "max(": Math.max,
  "sign(": Math.sign,
  "Φ(": (z) => 0.5 * complementOfError(-z / Math.SQRT2),
  "φ(": (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI),
};

/** Reads arithmetic by descent: each method takes what binds as tightly as it says. */
class Reader {
  private readonly tokens: string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = [];
    TOKEN.lastIndex = 0;
    for (let end = 0; end < text.trimEnd().length; end = TOKEN.lastIndex) {
      const found = TOKEN.exec(text);
      if (found === null) throw new Error(`this is no formula: ${text}`);
      this.tokens.push(found[1]);
    }
  }

  whole(): number {
    const value = this.cases();
    if (this.at < this.tokens.length) throw new Error(`this is no formula: ${this.text}`);
    return value;
  }

  private has(...tokens: string[]): boolean {
    return tokens.includes(this.tokens[this.at]);
  }

  private next(): string {
    return this.tokens[this.at++];
  }

  private cases(): number {
    const value = this.sum();
    if (!this.has("if")) return value;
    this.next();
    const holds = this.comparison();
    this.next(); // else
    const other = this.cases();
    return holds ? value : other;
  }

  private comparison(): boolean {
    let left = this.sum();
    let holds = true;
    while (this.has("<", ">", "≤", "≥")) {
      const sign = this.next();
      const right = this.sum();
      holds &&= sign === "<" ? left < right : sign === ">" ? left > right : sign === "≤" ? left <= right : left >= right;
      left = right;
    }
    return holds;
  }

  private sum(): number {
    let value = this.product();
    while (this.has("+", "-")) value = this.next() === "+" ? value + this.product() : value - this.product();
    return value;
  }

  private product(): number {
    let value = this.signed();
    while (this.has("·", "/")) value = this.next() === "·" ? value * this.signed() : value / this.signed();
    return value;
  }

  private signed(): number {
    if (!this.has("-")) return this.power();
    this.next();
    return -this.signed();
  }

  private power(): number {
    let value = this.atom();
    while (this.has("²", "³")) value = value ** (this.next() === "²" ? 2 : 3);
    return value;
  }

  private atom(): number {
    const token = this.next();
    if (token === "π") return Math.PI;
    if (token === "|") {
      const value = Math.abs(this.sum());
      this.next();
      return value;
    }
    const work = FUNCTIONS[token];
    if (work === undefined) return Number(token);
    const values = [this.cases()];
    while (this.next() === ",") values.push(this.cases());
    return work(...values);
  }
}

/** 1 - erf(x), to seven digits and more. Source: Numerical Recipes, "erfcc", a Chebyshev fit. */
function complementOfError(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const fit = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  const polynomial = fit.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = t * Math.exp(-x * x + polynomial);
  return x >= 0 ? tail : 2 - tail;
}
