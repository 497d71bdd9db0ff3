// The glossary: what each term means, from Python, and a field that finds one.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { spec } from "../../spec/schema.ts";
import { plain } from "../../text/sentence.ts";
import { Dialog } from "../dialog.tsx";

interface Properties {
  /** The term that it is opened at; null for its beginning. */
  readonly term: string | null;
  readonly onClose: () => void;
}

export function Glossary({ term, onClose }: Properties) {
  const [sought, setSought] = useState("");
  const wanted = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    wanted.current?.scrollIntoView({ block: "center" });
    wanted.current?.focus({ preventScroll: true });
  }, [term]);
  const found = Object.entries(spec.glossary).filter(([name, says]) => isAbout(sought, name, says));
  return (
    <Dialog name="glossary" title="Glossary" onClose={onClose}>
      {() => (
        <>
          <label class="row glossary-find">
            <span>find</span>
            <input type="search" value={sought} onInput={(event) => setSought(event.currentTarget.value)} />
            <span class="muted" role="status">{sought === "" ? "" : `${found.length} of ${Object.keys(spec.glossary).length}`}</span>
          </label>
          <dl class="glossary-terms">
            {found.map(([name, says]) => (
              <div key={name} class={name === term ? "wanted" : ""}>
                <dt ref={name === term ? wanted : null} tabIndex={name === term ? -1 : undefined}>{name}</dt>
                <dd>{plain(says)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Dialog>
  );
}

/** Whether a term or what it means has what is sought, in whatever case. */
function isAbout(sought: string, name: string, says: string): boolean {
  return `${name} ${says}`.toLowerCase().includes(sought.trim().toLowerCase());
}
