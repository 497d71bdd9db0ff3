// Numbers as Python writes them, so that a text of the page and one of the package are the same.

/**
 * Write a float64 as Python's `repr`: the shortest digits that are read back, with ".0" behind whole numbers.
 */
export function floatText(value: number): string {
  return inPythonsForm(value, (size) => size.toExponential());
}

/** Write a float32 as NumPy's `str`: the shortest digits that float32 reads back. */
export function float32Text(value: number): string {
  return inPythonsForm(value, (size) => {
    for (let decimals = 0; decimals < 8; decimals++) {
      const text = size.toExponential(decimals);
      if (Math.fround(Number(text)) === size) return Number(text).toExponential();
    }
    return size.toExponential(8);
  });
}

/**
 * Write a float64 with so many significant digits at most, as Python's format `.4g` does with four.
 *
 * The number that lies halfway between two is rounded to the even one (JavaScript's own `toPrecision` rounds
 * it up).
 */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return wordFor(value);
  const sign = isNegative(value) ? "-" : "";
  if (value === 0) return `${sign}0`;
  const [mantissa, exponent] = rounded(Math.abs(value), digits);
  const shortest = mantissa.replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= digits) return sign + scientific(shortest, exponent);
  return sign + positional(shortest, exponent);
}

/** Write a whole number with a comma between thousands, as Python's format `,`. */
export function grouped(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function inPythonsForm(value: number, shortest: (size: number) => string): string {
  if (!Number.isFinite(value)) return wordFor(value);
  const sign = isNegative(value) ? "-" : "";
  const size = Math.abs(value);
  if (size === 0) return `${sign}0.0`;
  const [mantissa, power] = shortest(size).split("e");
  const digits = mantissa.replace(".", "");
  if (size < 1e-4 || size >= 1e16) return sign + scientific(digits, Number(power));
  const text = positional(digits, Number(power));
  return sign + (text.includes(".") ? text : `${text}.0`);
}

function wordFor(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** The first digits of a number above zero, rounded half to even, and the power of ten of the first one. */
function rounded(value: number, digits: number): [string, number] {
  const [mantissa, power] = value.toExponential(100).split("e"); // a hundred digits show every tie
  const all = mantissa.replace(".", "");
  const head = BigInt(all.slice(0, digits));
  const tail = all.slice(digits);
  const half = `5${"0".repeat(tail.length - 1)}`;
  const up = tail > half || (tail === half && head % 2n === 1n);
  const text = String(up ? head + 1n : head);
  return [text.slice(0, digits), Number(power) + (text.length > digits ? 1 : 0)];
}

function scientific(digits: string, exponent: number): string {
  const rest = digits.slice(1);
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${digits[0]}${rest && `.${rest}`}e${exponent < 0 ? "-" : "+"}${power}`;
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.padEnd(exponent + 1, "0");
  const rest = whole.slice(exponent + 1);
  return whole.slice(0, exponent + 1) + (rest && `.${rest}`);
}
