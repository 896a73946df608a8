import { createContext, useContext } from "react";

import type { Channel, Person } from "./contract";

/** Everybody and every channel, for mentions and pickers anywhere on the page. */
export interface Directory {
  people: Person[];
  channels: Channel[];
}

export const DirectoryContext = createContext<Directory>({ people: [], channels: [] });

export const useDirectory = (): Directory => useContext(DirectoryContext);
