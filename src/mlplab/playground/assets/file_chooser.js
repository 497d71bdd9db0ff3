// A field for one file, whose content is sent; of a file that is too large, only its size.

export function render({ model }) {
  const root = document.createElement("div");
  root.className = "bk-input-group";
  const name = document.createElement("label");
  const input = document.createElement("input");
  input.type = "file";
  input.id = "file";
  input.className = "bk-input";
  input.accept = model.accept;
  name.htmlFor = input.id;
  name.textContent = model.label;
  root.append(name, input);

  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    input.value = ""; // else a browser says nothing when the same file is chosen again
    const message = { name: file.name, size: file.size, content: null };
    if (file.size <= model.most) {
      try {
        message.content = await file.arrayBuffer();
      } catch {
        // It has gone, or is a folder: a message without content says so.
      }
    }
    model.send_msg(message);
  });
  return root;
}
