// Task 3: weights that draw a line, put in by hand; what they draw, and what the wanted line asks of them.

const INDICES = "₀₁₂₃₄₅₆₇₈₉";

// As it is printed, and back: x2 is x₂, -1.2*x1 is −1.2·x₁.
function printed(text) {
  return text
    .replace(/([wbxz])(\d+)/g, (all, name, index) => name + [...index].map((digit) => INDICES[digit]).join(""))
    .replaceAll("-", "−")
    .replaceAll("*", "·")
    .replaceAll("!=", "≠");
}
function typed(text) {
  return text.replace(/[₀-₉]/g, (digit) => INDICES.indexOf(digit)).replaceAll("−", "-").replaceAll("·", "*");
}

function makeByHand({ send, colours }) {
  const act = (name, more) => send({ type: "by_hand", act: name, ...more });
  const another = button("wide act", "a solution", "another solution for the wanted line", () => act("another"));
  const equations = ["equation 11", "equation 12"].map((name) =>
    button("wide act", name.replace("equation", "eq."), `${name} of the lab report`, () => act(name)),
  );
  const turn = button("wide act", "switch labels", "switch the labels", () => act("switch"));

  const box = element("div", "by-hand");
  const field = element("input", "wanted");
  field.spellcheck = false;
  field.maxLength = 200;
  const label = element("label", "wanted-label", "wanted line");
  label.append(field);
  const take = button("small", "this line", "want the line that is drawn", () => act("this line"));
  const wish = element("div", "by-hand-row wish");
  wish.append(label, take);
  const trouble = element("div", "by-hand-trouble");
  trouble.setAttribute("role", "alert");
  const drawn = element("div", "drawn");
  drawn.setAttribute("role", "status");
  const weights = element("div", "by-hand-row matrices");
  const constraints = element("ul", "constraints");
  const solutions = element("div", "solutions");
  const said = element("p", "by-hand-said");
  const hint = element(
    "p",
    "by-hand-hint",
    "Drag the line on the plane, or its handles; there, arrow keys shift it and Shift with an arrow turns it. A click " +
      "on a link or an output of the network sets one number.",
  );
  box.append(wish, trouble, drawn, weights, constraints, solutions, said, hint);

  field.addEventListener("change", () => act("wanted", { text: typed(field.value) }));

  function matrix(name, rows) {
    const made = element("span", "matrix");
    made.style.gridTemplateColumns = `repeat(${rows[0].length}, auto)`;
    made.setAttribute("role", "img");
    made.setAttribute("aria-label", `${name} = ${rows.map((row) => row.join(", ")).join("; ")}`);
    for (const row of rows) for (const entry of row) made.append(element("span", "", printed(entry)));
    const whole = element("span", "by-hand-row equation");
    whole.append(element("span", "", `${name} =`), made);
    return whole;
  }

  const matrices = ({ weights: rows, biases }) => [matrix("W", rows), matrix("b", biases.map((entry) => [entry]))];

  function tellDrawn(found) {
    if (!found.line) {
      drawn.replaceChildren(
        element("span", "drawn-line", "no line yet"),
        element("span", "faint", "take a solution, or drag the dashed one"),
      );
      return;
    }
    drawn.replaceChildren(
      element("span", "drawn-line", printed(found.line)),
      ...(found.line_is_exact ? [] : [element("span", "faint", "rounded")]),
      mark(found.draws_wanted, found.draws_wanted ? "as wanted" : "not as wanted"),
    );
  }

  function mark(isGood, text) {
    const made = element("div", isGood ? "met" : "missed");
    made.append(element("span", "tick", isGood ? "✓ " : "✗ "), text);
    return made;
  }

  function tellConstraints(found) {
    const labels = element("li");
    labels.append(
      mark(found.labels !== "switched", `labels ${found.labels}`),
      element("span", "numbers", `class 0 ${found.class_0}`),
    );
    constraints.replaceChildren(
      ...found.constraints.map(({ text, left, right, met, by }, i) => {
        const entry = element("li");
        const sign = met === i < 2 ? "=" : "≠"; // the last says what must not be equal
        const numbers = element("span", "numbers", printed(`${left} ${sign} ${right}`));
        if (sign === "≠" && !met) numbers.append(element("span", "missed", printed(`  by ${by}`)));
        entry.append(mark(met, printed(text)), numbers);
        return entry;
      }),
      ...(found.labels ? [labels] : []),
    );
  }

  function tellSolutions(found) {
    const row = element("div", "by-hand-row matrices");
    row.append(...matrices(found.family));
    solutions.replaceChildren(
      element("div", "faint", `All that draw ${printed(found.wanted)}, for any w₂₁, w₂₂, b₂, and any s but 0:`),
      row,
    );
  }

  // Only what has changed is written anew: text that is selected stays so.
  const last = {};
  function when(name, value, write) {
    const text = JSON.stringify(value);
    if (last[name] === text) return;
    last[name] = text;
    write();
  }

  function say({ frame }) {
    const found = frame.meta.by_hand;
    if (!found) return;
    for (const made of equations) made.hidden = !found.is_the_labs;
    take.hidden = !found.line_is_exact || found.draws_wanted;
    when("trouble", found.trouble, () => {
      trouble.textContent = found.trouble;
      trouble.hidden = !found.trouble;
      field.setAttribute("aria-invalid", String(Boolean(found.trouble)));
    });
    when("wanted", [found.wanted, found.trouble], () => {
      if (!found.trouble) field.value = printed(found.wanted);
    });
    when("weights", [found.weights, found.biases], () => weights.replaceChildren(...matrices(found)));
    when("drawn", [found.line, found.line_is_exact, found.draws_wanted], () => tellDrawn(found));
    when("constraints", [found.constraints, found.labels, found.class_0], () => tellConstraints(found));
    when("solutions", [found.family, found.wanted], () => tellSolutions(found));
    when("said", found.said, () => {
      said.textContent = printed(found.said);
    });
  }

  return {
    name: "by hand",
    text: "Task 3",
    choice: [another, ...equations, turn],
    beside: box,
    overlay: makeLine({ send, colours }),
    applies: ({ meta }) => meta.sizes.length === 2 && meta.sizes[1] === 2, // two classes, no hidden layer
    say,
  };
}
