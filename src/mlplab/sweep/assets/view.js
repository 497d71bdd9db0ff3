// The part of the map that is shown, in cells: from x[0] to x[1] and from y[0] to y[1].

const FEWEST_IN_VIEW = 1.5;

class View {
  constructor(x, y) {
    this.axes = { x, y };
    this.reset();
  }

  reset() {
    for (const [name, axis] of Object.entries(this.axes)) this[name] = [-0.5, axis.count - 0.5];
  }

  /** Show a smaller or, for factors below 1, a larger part around a place that stays where it is. */
  zoom(factor, place) {
    for (const name of ["x", "y"]) {
      const [from, to] = this[name];
      const least = Math.min(FEWEST_IN_VIEW, this.axes[name].count);
      const span = Math.min(Math.max((to - from) / factor, least), this.axes[name].count);
      const start = place[name] - ((place[name] - from) * span) / (to - from);
      this.#set(name, start, span);
    }
  }

  /** Move the part by so many cells. */
  move(by) {
    for (const name of ["x", "y"]) this.#set(name, this[name][0] + by[name], this[name][1] - this[name][0]);
  }

  /** Move the part as little as brings a cell into it. */
  include(cell) {
    const needed = (name) =>
      Math.min(cell[name] - 0.5 - this[name][0], 0) + Math.max(cell[name] + 0.5 - this[name][1], 0);
    this.move({ x: needed("x"), y: needed("y") });
  }

  #set(name, start, span) {
    const from = Math.min(Math.max(start, -0.5), this.axes[name].count - 0.5 - span);
    this[name] = [from, from + span];
  }

  /** Return the part as `mlplab map` takes it; null where an axis is a list of values. */
  get window() {
    if (!this.axes.x.isNumeric || !this.axes.y.isNumeric) return null;
    const range = (name) => {
      const [low, high] = this[name].map((place) => this.axes[name].valueAt(place));
      // The ends of the axis are written as they are.
      const written = (value, place) =>
        place <= 0 || place >= this.axes[name].count - 1 ? String(value) : digits(value, digitsBetween(low, high) + 2);
      return `${written(low, this[name][0])}:${written(high, this[name][1])}`;
    };
    return `--window ${range("x")},${range("y")}`;
  }
}
