// What is wrong with a description, each at its field.

export interface Problem {
  /** Of the field, such as `dataset.sigma` or `network.layer_width.1`; empty for the whole. */
  readonly path: string;
  /** What was expected, and what came. */
  readonly message: string;
}

/** The first problem as Python's `SpecError` says it, and how many more there are. */
export function sentence(problems: readonly Problem[]): string {
  const [first, ...others] = problems;
  if (first === undefined) return "";
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  return `${first.path === "" ? "" : `${first.path}: `}${first.message}${more}`;
}

/** A path, one step further down. */
export function below(path: string, step: string | number): string {
  return path === "" ? String(step) : `${path}.${step}`;
}
