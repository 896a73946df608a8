import { createContext, useContext } from "react";

import type { StateValue } from "./contract";
import type { Element } from "./fields";

/** What blocks stand on: a message, a modal or the Home tab. It keeps what is typed and carries presses away. */
export interface Surface {
  /** A prefix that keeps ids of fields apart from those of other surfaces on the page. */
  id: string;
  read: (blockId: string, element: Element) => StateValue | null;
  write: (blockId: string, actionId: string, state: StateValue) => void;
  press: (blockId: string, actionId: string, state?: StateValue) => Promise<unknown>;
  errors: Record<string, string>;
}

const nowhere: Surface = {
  id: "nowhere",
  read: () => null,
  write: () => undefined,
  press: () => Promise.resolve(),
  errors: {},
};

export const SurfaceContext = createContext<Surface>(nowhere);

export const useSurface = (): Surface => useContext(SurfaceContext);
