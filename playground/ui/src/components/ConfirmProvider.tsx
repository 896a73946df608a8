import type { ConfirmationDialog } from "@slack/types";
import { useCallback, useState } from "react";
import type { ReactNode } from "react";

import { ConfirmDialog } from "./ConfirmDialog";
import { ConfirmContext } from "./confirming";
import type { Confirm } from "./confirming";

interface Asked {
  dialog: ConfirmationDialog;
  answer: (yes: boolean) => void;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const ask = useCallback<Confirm>(
    (dialog) => (dialog ? new Promise((answer) => setAsked({ dialog, answer })) : Promise.resolve(true)),
    [],
  );
  const answer = (yes: boolean) => {
    asked?.answer(yes);
    setAsked(null);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      {asked && <ConfirmDialog dialog={asked.dialog} onAnswer={answer} />}
    </ConfirmContext>
  );
}
