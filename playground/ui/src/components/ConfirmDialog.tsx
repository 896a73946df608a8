import type { ConfirmationDialog } from "@slack/types";
import { useLayoutEffect, useRef } from "react";

import { Words } from "../blocks/Words";
import { unescape } from "../text/mrkdwn";

interface Props {
  dialog: ConfirmationDialog;
  onAnswer: (yes: boolean) => void;
}

export function ConfirmDialog({ dialog, onAnswer }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = element.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const { title, text, confirm, deny, style } = dialog;
  return (
    <dialog
      ref={element}
      className="modal confirm"
      role="alertdialog"
      data-testid="confirm"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <header>
        <h2 id="confirm-title">{unescape(title?.text ?? "Är du säker?")}</h2>
      </header>
      <div className="modal-body" id="confirm-text">
        <Words text={text} />
      </div>
      <footer>
        <button type="button" className="button" data-testid="confirm-deny" onClick={() => onAnswer(false)}>
          {unescape(deny?.text ?? "Avbryt")}
        </button>
        <button
          type="button"
          className={`button ${style === "danger" ? "danger" : "primary"}`}
          data-testid="confirm-yes"
          onClick={() => onAnswer(true)}
        >
          {unescape(confirm?.text ?? "Ja")}
        </button>
      </footer>
    </dialog>
  );
}
