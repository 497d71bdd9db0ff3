// An axis: all cells are equally large, and ticks stand where the values lie.

const LONGEST_NAME = 26;

/** Write a number with some digits, in the shortest form. */
function digits(value, count) {
  return String(Number(value.toPrecision(Math.min(count, 17))));
}

/** Return how many digits tell two numbers apart, and two more. */
function digitsBetween(a, b) {
  const size = Math.max(Math.abs(a), Math.abs(b));
  const apart = Math.abs(a - b) / size;
  return apart > 0 ? Math.max(4, Math.ceil(-Math.log10(apart)) + 2) : 6;
}

class MapAxis {
  constructor({ setting, scale, positions, labels }) {
    Object.assign(this, { setting, scale, positions, labels });
    this.count = labels.length;
    this.isNumeric = scale !== "list";
    this.isWhole = this.isNumeric && labels.every((label) => Number.isInteger(Number(label)));
  }

  /** Return the value of a cell as it is read. */
  label(cell) {
    if (!this.isNumeric) return this.labels[cell];
    const near = cell ? cell - 1 : Math.min(1, this.count - 1);
    return digits(this.valueAt(cell), digitsBetween(this.valueAt(cell), this.valueAt(near)));
  }

  /** Return the number at a place, which is counted in cells from the first one's middle. */
  valueAt(place) {
    const within = Math.min(Math.max(place, 0), this.count - 1);
    const cell = Math.min(Math.floor(within), this.count - 2);
    if (cell < 0 || Number.isInteger(within)) return Number(this.labels[Math.round(within)]);
    const [from, to] = [this.positions[cell], this.positions[cell + 1]];
    const position = from + (to - from) * (within - cell);
    return this.scale === "log" ? 10 ** position : position;
  }

  /** Return the place of a number; null outside. */
  placeOf(value) {
    const position = this.scale === "log" ? Math.log10(value) : value;
    const slack = 1e-9 * (this.positions[this.count - 1] - this.positions[0]);
    if (!(position >= this.positions[0] - slack && position <= this.positions[this.count - 1] + slack)) return null;
    let [low, high] = [0, this.count - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.positions[middle] <= position) low = middle;
      else high = middle;
    }
    if (low === high) return low;
    return low + (position - this.positions[low]) / (this.positions[high] - this.positions[low]);
  }

  /** Return the ticks between two places: those with a label, and the places of the others. */
  ticks(from, to, most) {
    if (!this.isNumeric) {
      const [first, last] = [Math.max(0, Math.ceil(from)), Math.min(this.count - 1, Math.floor(to))];
      const step = Math.max(1, Math.ceil((last - first + 1) / most));
      const major = [];
      for (let cell = first; cell <= last; cell += step) {
        const name = this.labels[cell];
        major.push({ place: cell, label: name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name });
      }
      return { major, minor: [] };
    }
    const [low, high] = [this.valueAt(from), this.valueAt(to)];
    const { major, minor } = this.scale === "log" ? logTicks(low, high, most, this.isWhole) : linearTicks(low, high, most, this.isWhole);
    const placed = (value) => this.placeOf(value);
    const inView = (place) => place !== null && place >= from && place <= to;
    return {
      major: major.map(({ value, label }) => ({ place: placed(value), label })).filter((tick) => inView(tick.place)),
      minor: minor.map(placed).filter(inView),
    };
  }
}

function powerOfTen(exponent) {
  const raised = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  return `10${[...String(exponent)].map((letter) => raised[letter]).join("")}`;
}

/** Return round numbers between two, at most so many or a few more; whole ones if the values are. */
function linearTicks(low, high, most, isWhole) {
  const span = high - low;
  if (!(span > 0)) return { major: [{ value: low, label: digits(low, 6) }], minor: [] };
  const magnitude = 10 ** Math.floor(Math.log10(span / most));
  const fitting = [1, 2, 5, 10].map((factor) => factor * magnitude).find((size) => span / size <= most);
  const step = isWhole ? Math.max(fitting, 1) : fitting;
  const multiples = (size) => {
    const first = Math.ceil(low / size - 1e-9);
    const count = Math.floor(high / size + 1e-9) - first + 1;
    return Array.from({ length: Math.max(count, 0) }, (_, i) => (first + i) * size);
  };
  const places = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const written = (value) => {
    const plain = Math.abs(value) < 1e5 && places <= 12 && (step >= 1e-5 || Math.abs(value) >= 1e-3);
    const text = plain ? String(Number(value.toFixed(places))) : digits(value, digitsBetween(value, value + step));
    return text.replace("-", "−");
  };
  return {
    major: multiples(step).map((value) => ({ value, label: written(value) })),
    minor: isWhole && step < 5 ? [] : multiples(step / 5),
  };
}

/** Return powers of ten between two numbers; between near ones 1, 2 and 5 times them, or round numbers. */
function logTicks(low, high, most, isWhole) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const between = [];
  for (let exponent = first - 1; exponent <= last; exponent++) {
    for (let factor = 2; factor < 10; factor++) {
      const value = Number(`${factor}e${exponent}`);
      if (value >= low && value <= high) between.push(value);
    }
  }
  const exponents = Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
  if (exponents.length >= 2) {
    const step = Math.ceil(exponents.length / most);
    const isShown = (exponent) => exponent % step === 0;
    return {
      major: exponents.filter(isShown).map((exponent) => ({ value: Number(`1e${exponent}`), label: powerOfTen(exponent) })),
      minor: step > 1 ? exponents.filter((e) => !isShown(e)).map((e) => Number(`1e${e}`)) : between,
    };
  }
  const round = exponents.map((exponent) => Number(`1e${exponent}`));
  const short = [...round, ...between.filter((value) => "25".includes(value.toExponential()[0]))].sort((a, b) => a - b);
  if (short.length < 3) return linearTicks(low, high, most, isWhole);
  return {
    major: short.map((value) => ({ value, label: digits(value, 3) })),
    minor: between.filter((value) => !short.includes(value)),
  };
}
