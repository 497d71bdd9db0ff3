// The pictures of plane and network as files, as they stand on the page.

import { download } from "../../exports/download.ts";
import type { Theme } from "../../state/state.ts";
import { Button } from "../button.tsx";
import { css, paletteOf } from "../colours.ts";

const PICTURES = [
  { title: "Plane (PNG)", says: "as it is shown", selector: ".plane canvas", name: "plane.png" },
  { title: "Network (PNG)", says: "as it is shown", selector: ".diagram canvas", name: "network.png" },
] as const;

export function Pictures({ theme }: { readonly theme: Theme }) {
  return (
    <>
      {PICTURES.map(({ title, says, selector, name }) => (
        <li key={name}>
          <Button onClick={() => save(selector, name, theme)}>{title}</Button>
          <span class="muted">{says}</span>
        </li>
      ))}
    </>
  );
}

/** Save a canvas; what is transparent on the page gets the page's colour. */
function save(selector: string, name: string, theme: Theme): void {
  const shown = document.querySelector<HTMLCanvasElement>(selector);
  const picture = document.createElement("canvas");
  const context = picture.getContext("2d");
  if (shown === null || context === null) return;
  picture.width = shown.width;
  picture.height = shown.height;
  context.fillStyle = css(paletteOf(theme).surface);
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(shown, 0, 0);
  picture.toBlob((blob) => {
    if (blob !== null) download(name, blob);
  });
}
