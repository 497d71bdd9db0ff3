// Numbers as Python writes them, so that a text of the page and one of the package are the same.

/** Write a float64 as Python's `repr`: the shortest digits that are read back, ".0" behind whole numbers. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return wordFor(value);
  const sign = isNegative(value) ? "-" : "";
  const size = Math.abs(value);
  if (size === 0) return `${sign}0.0`;
  const [mantissa, power] = size.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  if (size < 1e-4 || size >= 1e16) return sign + scientific(digits, Number(power));
  const text = positional(digits, Number(power));
  return sign + (text.includes(".") ? text : `${text}.0`);
}

/** Write a float32 likewise, with the shortest digits that float32 reads back. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value) || value === 0) return floatText(value);
  return floatText(Math.sign(value) * shortestOfFloat32(Math.abs(value)));
}

/** Write a float64 with so many significant digits at most, as Python's format `.4g` does with four. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return wordFor(value);
  const sign = isNegative(value) ? "-" : "";
  if (value === 0) return `${sign}0`;
  const [mantissa, power] = Math.abs(value).toExponential(digits - 1).split("e");
  const shortest = mantissa.replace(".", "").replace(/0+$/, "");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) return sign + scientific(shortest, exponent);
  return sign + positional(shortest, exponent);
}

/** Write a whole number with a comma between thousands, as Python's format `,`. */
export function grouped(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function wordFor(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** The number of fewest digits that float32 reads as one above zero. */
function shortestOfFloat32(size: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(size.toPrecision(digits));
    if (Math.fround(short) === size) return short;
  }
  return Number(size.toPrecision(9));
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
