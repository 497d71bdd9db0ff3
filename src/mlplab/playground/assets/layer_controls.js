// What changes the shape of the network: more and fewer layers, and neurons of each.

const NARROW = 92; // pixels from one layer to the next, below which its controls are small
const TIGHT = 58; // and below which they stand on top of each other

function makeLayerControls(box, send) {
  const controls = element("div", "diagram-controls");
  box.append(controls);
  let placed = "";

  // `pitch`: pixels from one layer to the next; the first hidden one stands at 1.5 of them.
  function place(sizes, pitch, margin) {
    const key = `${sizes.join("-")}:${Math.round(pitch)}`;
    if (key === placed) return;
    placed = key;
    const hidden = sizes.slice(1, -1);
    const look = pitch < TIGHT ? " narrow tight" : pitch < NARROW ? " narrow" : "";
    const layers = hidden.map((count, layer) => {
      const part = element("div", `layer-control${look}`);
      part.style.left = `${margin + pitch * (layer + 1.5)}px`;
      const widen = (by) => () => {
        const widths = [...hidden];
        widths[layer] = Math.max(1, count + by);
        send({ type: "layers", widths });
      };
      part.append(
        button("round", "−", `a neuron less in hidden layer ${layer + 1}`, widen(-1)),
        element("span", "count", String(count)),
        button("round", "+", `a neuron more in hidden layer ${layer + 1}`, widen(1)),
      );
      return part;
    });
    const more = element("div", "layers-control");
    more.append(
      element("span", "", "hidden layers"),
      button("round", "−", "a hidden layer less", () => send({ type: "layers", widths: hidden.slice(0, -1) })),
      element("span", "count", String(hidden.length)),
      button("round", "+", "a hidden layer more", () =>
        send({ type: "layers", widths: [...hidden, hidden.length ? hidden[hidden.length - 1] : 5] }),
      ),
    );
    controls.replaceChildren(...layers, more);
  }

  return { place };
}
