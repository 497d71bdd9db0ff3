// The lessons that come with the page: Python's `mlplab.playground.lessons`, as sessions.

import { readOpened } from "../exports/session_reading.ts";
import { spec } from "../spec/schema.ts";
import type { Session } from "../state/session.ts";

export const SHIPPED: readonly (readonly [name: string, session: Session])[] = Object.entries(spec.lessons).map(
  ([name, session]) => [name, readOpened(JSON.stringify(session))],
);
