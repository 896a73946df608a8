import type { ConfirmationDialog } from "@slack/types";
import { createContext, useContext } from "react";

/** Asks, and resolves to whether the person went on. No dialog to show: resolves to yes at once. */
export type Confirm = (dialog: ConfirmationDialog | undefined) => Promise<boolean>;

export const ConfirmContext = createContext<Confirm>(() => Promise.resolve(true));

export const useConfirm = (): Confirm => useContext(ConfirmContext);
