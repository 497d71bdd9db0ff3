// A small form in which a weight or a bias is set by hand.

// `leave` is called when it is closed by key.
function makeNumberEditor(box, send, leave) {
  const form = element("form", "editor");
  form.hidden = true;
  const name = element("label");
  const input = element("input");
  input.type = "number";
  input.step = "any";
  input.required = true;
  input.setAttribute("aria-label", "weight or bias by hand");
  name.append(element("span"), input);
  form.append(name, element("button", "small", "set"));
  box.append(form);
  let target = null;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send({ type: "number", ...target, value: input.valueAsNumber });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    leave();
  });

  function close() {
    form.hidden = true;
  }

  // What is edited: its name, its place as the server knows it, what it is now; beside a point of the box.
  function open(text, place, value, [x, y]) {
    target = place;
    name.firstChild.textContent = text;
    input.value = Number.isFinite(value) ? Number(value.toPrecision(6)) : "";
    form.style.left = `${Math.min(x, box.clientWidth - 250)}px`;
    form.style.top = `${Math.min(y + 10, box.clientHeight - 80)}px`;
    form.hidden = false;
    input.select();
  }

  return { open, close };
}
