// Workers from the page's own file: their script and the engine's modules are in it.

import exact from "built:exact";
import fused from "built:fused";
import script from "built:worker";
import type { Modules } from "../engine/engine.ts";
import type { FromWorker } from "./messages.ts";

let address: string | null = null;
let modules: Modules | null = null;

/** Begin a worker, whose engine is instantiated before it takes anything else. */
export function spawn(onMessage: (message: FromWorker) => void, onFailure: (sentence: string) => void): Worker {
  address ??= URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  modules ??= { fused: bytesOf(fused), exact: bytesOf(exact) };
  const worker = new Worker(address);
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => onMessage(data);
  worker.onerror = ({ message }) => onFailure(`The training has failed, by a fault of ours: ${message}`);
  worker.postMessage({ kind: "start", modules });
  return worker;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
