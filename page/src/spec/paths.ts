// Paths of fields, such as `training.batch_size`. What a user calls a class may have points of its own: they are escaped.

/** The path of a field of a part, or of an entry of a table of the user's own names. */
export function inside(path: string, name: string): string {
  const step = encodeURIComponent(name).replaceAll(".", "%2E");
  return path === "" ? step : `${path}.${step}`;
}

/** The names along a path. */
export function fieldNames(path: string): string[] {
  return path.split(".").map(decodeURIComponent);
}
