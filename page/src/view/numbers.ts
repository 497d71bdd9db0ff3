// Numbers as the page writes them.

/** Three digits, or "–" where there is no number. */
export function short(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const isPlain = size === 0 || (size >= 0.001 && size < 1e5);
  const text = isPlain ? String(Number(value.toPrecision(3))) : value.toExponential(2);
  return text.replace("-", "−");
}

export function percent(fraction: number): string {
  return Number.isFinite(fraction) ? `${(100 * fraction).toFixed(2)} %` : "–";
}

export function count(value: number): string {
  return value.toLocaleString("en");
}

export function loss(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return value < 1e-3 && value > 0 ? value.toExponential(1) : value.toFixed(4);
}

/** A number on an axis: as short as may be. */
export function tick(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const text = rounded !== 0 && Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
  return text.replace("-", "−");
}
