// The picture: a field of coloured cells, its axes and its marks.

/** Return colours of "rrggbb" after "rrggbb" as numbers, a row for each. */
function colourTable(hex) {
  return hex.match(/.{6}/g).map((one) => [0, 2, 4].map((i) => parseInt(one.slice(i, i + 2), 16)));
}

/** Return a colour of the style sheet, such as --ink. */
function styleColour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Return a canvas with one pixel for each cell, the first row at its foot. */
function fieldPicture({ values, trained, columns, rows, limits: [low, high], table }) {
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  const greys = [colourTable(styleColour("--diverged").slice(1))[0], colourTable(styleColour("--missing").slice(1))[0]];
  for (let cell = 0; cell < values.length; cell++) {
    const fraction = Math.min(Math.max((values[cell] - low) / (high - low), 0), 1);
    let colour = greys[trained[cell] ? 0 : 1];
    if (!Number.isNaN(fraction)) colour = table[Math.min(Math.floor(fraction * table.length), table.length - 1)];
    const row = rows - 1 - Math.floor(cell / columns);
    image.data.set([...colour, 255], 4 * (row * columns + (cell % columns)));
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** The canvas of the map: draws a view, and tells which cell lies under a point. */
class Drawing {
  constructor(canvas, view) {
    this.canvas = canvas;
    this.view = view;
    this.context = canvas.getContext("2d");
  }

  /** Return the place in cells under a point of the page. */
  place(clientX, clientY) {
    const box = this.canvas.getBoundingClientRect();
    const { left, top, width, height } = this.frame;
    const [x, y] = [this.view.x, this.view.y];
    return {
      x: x[0] + ((clientX - box.left - left) / width) * (x[1] - x[0]),
      y: y[1] - ((clientY - box.top - top) / height) * (y[1] - y[0]),
    };
  }

  /** Tell whether a place is in view. */
  shows({ x, y }) {
    return x >= this.view.x[0] && x < this.view.x[1] && y >= this.view.y[0] && y < this.view.y[1];
  }

  /** Return the point of the canvas where a place lies. */
  point(x, y) {
    const { left, top, width, height } = this.frame;
    const [xs, ys] = [this.view.x, this.view.y];
    return [left + ((x - xs[0]) / (xs[1] - xs[0])) * width, top + ((ys[1] - y) / (ys[1] - ys[0])) * height];
  }

  /** Draw the view. */
  draw(field, marks) {
    const { canvas, context } = this;
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(wide * ratio)) canvas.width = Math.round(wide * ratio);
    if (canvas.height !== Math.round(high * ratio)) canvas.height = Math.round(high * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, wide, high);
    context.font = "13px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
    const ticks = this.#measure(wide, high);
    this.#field(field);
    this.#marks(marks);
    this.#ticks(ticks);
  }

  /** Find the room that labels take, and with it the frame of the field; return the ticks. */
  #measure(wide, high) {
    const { x, y } = this.view.axes;
    const yTicks = y.ticks(...this.view.y, Math.max(2, Math.floor(high / 38)));
    const longest = (ticks) => Math.max(0, ...ticks.major.map((tick) => this.context.measureText(tick.label).width));
    const left = Math.ceil(Math.min(longest(yTicks), wide / 3)) + 38;
    const width = wide - left - 14;
    const xTicks = x.ticks(...this.view.x, x.isNumeric ? Math.max(2, Math.floor(width / 90)) : 24);
    const slanted = !x.isNumeric && (longest(xTicks) + 10) * xTicks.major.length > width;
    const below = 44 + (slanted ? Math.ceil(longest(xTicks) * 0.58) : 0);
    this.frame = { left, top: 10, width, height: high - below - 10 };
    return { x: xTicks, y: yTicks, slanted, below };
  }

  #field(field) {
    const { context } = this;
    const { left, top, width, height } = this.frame;
    const [x, y] = [this.view.x, this.view.y];
    const [across, up] = [x[1] - x[0], y[1] - y[0]];
    // Cells of a few pixels would differ in size by one of them.
    context.imageSmoothingEnabled = width / across < 3 && height / up < 3;
    context.drawImage(field, x[0] + 0.5, field.height - 0.5 - y[1], across, up, left, top, width, height);
    context.strokeStyle = styleColour("--muted");
    context.lineWidth = 1;
    context.strokeRect(left - 0.5, top - 0.5, width + 1, height + 1);
  }

  #marks({ alike, best, published, cursor }) {
    const { context } = this;
    const { left, top, width, height } = this.frame;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    if (alike) this.#outline(alike);
    if (cursor) {
      const [x0, y1] = this.point(cursor.x - 0.5, cursor.y - 0.5);
      const [x1, y0] = this.point(cursor.x + 0.5, cursor.y + 0.5);
      for (const [colour, line] of [["#ffffff", 3.5], ["#1f2328", 1.5]]) {
        context.strokeStyle = colour;
        context.lineWidth = line;
        context.strokeRect(x0 - 1, y0 - 1, x1 - x0 + 2, y1 - y0 + 2);
      }
    }
    context.restore();
    if (published && this.shows(published)) this.#diamond(...this.point(published.x, published.y));
    if (best && this.shows(best)) this.#star(...this.point(best.x, best.y));
  }

  /** Draw lines between the cells in view that belong to a set and those that do not. */
  #outline(alike) {
    const { context } = this;
    const { columns, rows } = { columns: this.view.axes.x.count, rows: this.view.axes.y.count };
    const isIn = (x, y) => x >= 0 && y >= 0 && x < columns && y < rows && alike[y * columns + x] === 1;
    const path = new Path2D();
    const [x0, x1] = this.view.x.map(Math.round);
    const [y0, y1] = this.view.y.map(Math.round);
    for (let y = y0 - 1; y <= y1; y++) {
      for (let x = x0 - 1; x <= x1; x++) {
        const here = isIn(x, y);
        if (here !== isIn(x + 1, y)) {
          path.moveTo(...this.point(x + 0.5, y - 0.5));
          path.lineTo(...this.point(x + 0.5, y + 0.5));
        }
        if (here !== isIn(x, y + 1)) {
          path.moveTo(...this.point(x - 0.5, y + 0.5));
          path.lineTo(...this.point(x + 0.5, y + 0.5));
        }
      }
    }
    context.lineCap = "square";
    for (const [colour, line] of [["#ffffff", 3.5], ["#1f2328", 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = line;
      context.stroke(path);
    }
  }

  #shape(points, fill) {
    const { context } = this;
    context.beginPath();
    points.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    context.fillStyle = fill;
    context.strokeStyle = "#1f2328";
    context.lineWidth = 1.4;
    context.lineJoin = "round";
    context.fill();
    context.stroke();
  }

  #star(x, y) {
    const corner = (i) => [i % 2 ? 4 : 9, (Math.PI * i) / 5 - Math.PI / 2];
    const corners = Array.from({ length: 10 }, (_, i) => corner(i));
    this.#shape(corners.map(([r, angle]) => [x + r * Math.cos(angle), y + r * Math.sin(angle)]), "#ffffff");
  }

  #diamond(x, y) {
    this.#shape([[x, y - 7], [x + 7, y], [x, y + 7], [x - 7, y]], "#e69f00");
  }

  #ticks({ x, y, slanted, below }) {
    const { context } = this;
    const { left, top, width, height } = this.frame;
    context.strokeStyle = styleColour("--muted");
    context.fillStyle = styleColour("--muted");
    context.lineWidth = 1;
    const line = (...ends) => {
      context.beginPath();
      ends.forEach(([px, py]) => context.lineTo(px, py));
      context.stroke();
    };
    const foot = top + height;
    for (const [places, length] of [[x.minor, 3], [x.major.map((tick) => tick.place), 5]]) {
      for (const place of places) {
        const [px] = this.point(place, 0);
        line([px, foot], [px, foot + length]);
      }
    }
    for (const [places, length] of [[y.minor, 3], [y.major.map((tick) => tick.place), 5]]) {
      for (const place of places) {
        const [, py] = this.point(0, place);
        line([left, py], [left - length, py]);
      }
    }
    for (const { place, label } of x.major) {
      const [px] = this.point(place, 0);
      this.#text(label, px, foot + 8, { align: slanted ? "right" : "center", turn: slanted ? -0.6 : 0, baseline: "top" });
    }
    for (const { place, label } of y.major) {
      this.#text(label, left - 9, this.point(0, place)[1], { align: "right", baseline: "middle" });
    }
    context.fillStyle = styleColour("--ink");
    this.#text(this.view.axes.x.setting, left + width / 2, foot + below - 2, { baseline: "bottom" });
    this.#text(this.view.axes.y.setting, 2, top + height / 2, { turn: -Math.PI / 2, baseline: "top" });
  }

  #text(text, x, y, { align = "center", turn = 0, baseline }) {
    const { context } = this;
    context.save();
    context.translate(x, y);
    context.rotate(turn);
    context.textAlign = align;
    context.textBaseline = baseline;
    context.fillText(text, 0, 0);
    context.restore();
  }
}
