// Numbers as text, as Python writes them: halves are rounded to the even digit, exponents have two digits.

/** A number with so many digits after the point: Python's `f"{value:.2f}"`. */
export function writeFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return writeNonFinite(value);
  // A number lies just between two decimals if it is an odd multiple of 2^-(digits + 1).
  const size = Math.abs(value);
  const isBetween = (size * 2 ** (digits + 1)) % 2 === 1;
  const below = Math.floor(size * 10 ** digits);
  const nearest = isBetween ? (below + (below % 2)) / 10 ** digits : size;
  if (size < 1e21) return sign(value) + nearest.toFixed(digits);
  // Of numbers that are as large, toFixed writes an exponent.
  return sign(value) + String(BigInt(size)) + (digits > 0 ? `.${"0".repeat(digits)}` : "");
}

/** A number with so many digits after the first and an exponent: Python's `f"{value:.1e}"`. */
export function writeExponent(value: number, digits: number): string {
  if (!Number.isFinite(value)) return writeNonFinite(value);
  const { whole, exponent } = round(value, digits + 1);
  const point = digits > 0 ? `${whole[0]}.${whole.slice(1)}` : whole;
  return `${sign(value)}${point}e${exponentText(exponent)}`;
}

/** A number with so many digits in all, without zeros at its end: Python's `f"{value:.3g}"`. */
export function writeGeneral(value: number, digits = 6): string {
  if (!Number.isFinite(value)) return writeNonFinite(value);
  const { whole, exponent } = round(value, digits);
  const kept = whole.replace(/0+$/, "") || "0";
  const withPoint = (text: string, place: number) =>
    text.length > place ? `${text.slice(0, place)}.${text.slice(place)}` : text.padEnd(place, "0");
  if (exponent < -4 || exponent >= digits) {
    return `${sign(value)}${withPoint(kept, 1)}e${exponentText(exponent)}`;
  }
  if (exponent >= 0) return sign(value) + withPoint(kept, exponent + 1);
  return `${sign(value)}0.${"0".repeat(-exponent - 1)}${kept}`;
}

/** The whole number that is nearest; of two, the even one: Python's `round`. */
export function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** The first digits of a number, rounded, and the power of ten of the first of them. */
function round(value: number, digits: number): { readonly whole: string; readonly exponent: number } {
  // A hundred digits are exact wherever the rest is just one half.
  const [mantissa, power] = Math.abs(value).toExponential(100).split("e");
  const all = mantissa.replace(".", "");
  const [kept, rest] = [all.slice(0, digits), all.slice(digits)];
  const half = "5".padEnd(rest.length, "0");
  const isUp = rest > half || (rest === half && Number(kept[digits - 1]) % 2 === 1);
  const whole = isUp ? String(BigInt(kept) + 1n) : kept;
  const isLonger = whole.length > digits;
  return { whole: whole.slice(0, digits), exponent: Number(power) + (isLonger ? 1 : 0) };
}

function exponentText(exponent: number): string {
  return (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(2, "0");
}

function sign(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

function writeNonFinite(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value < 0 ? "-inf" : "inf";
}
