// Equations as they are printed on the page, and back to what one types: x2 is x₂, -1.2*x1 is −1.2·x₁.

const INDICES = "₀₁₂₃₄₅₆₇₈₉";

export function printed(text: string): string {
  const lowered = (digits: string) => digits.replace(/\d/g, (digit) => INDICES[Number(digit)]);
  return text
    .replace(/([wbxz])(\d+)/g, (_, name: string, index: string) => name + lowered(index))
    .replaceAll("-", "−")
    .replaceAll("*", "·")
    .replaceAll("!=", "≠");
}

export function typed(text: string): string {
  return text
    .replace(/[₀-₉]/g, (digit) => String(INDICES.indexOf(digit)))
    .replaceAll("−", "-")
    .replaceAll("·", "*");
}
