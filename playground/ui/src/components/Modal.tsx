import { useEffect, useRef, useState } from "react";
import type { FormEvent } from "react";

import { Blocks } from "../blocks/Blocks";
import { unescape } from "../text/mrkdwn";
import type { OpenModal } from "../world/contract";
import { shownState } from "../world/fields";
import { refusals } from "../world/refusals";
import { useBusy } from "../world/useBusy";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { ViewSurface } from "./ViewSurface";
import { useModalFocus } from "./useModalFocus";

interface Props {
  /** The top of the stack: Slack shows only that one. */
  view: OpenModal;
  depth: number;
  typed: Typed;
  act: World["act"];
}

export function Modal({ view, depth, typed, act }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, run] = useBusy();
  const [own, setOwn] = useState<Record<string, string>>({});
  useEffect(() => setOwn({}), [view.id]);
  const errors = Object.keys(own).length > 0 ? own : (view.errors ?? {});
  useModalFocus(dialog, view.id, Object.keys(errors).join());

  const close = () => void run(() => act({ type: "close", view_id: view.id }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const values = typed.on(view.id);
    const found = refusals(view.blocks, (block, element) => shownState(block, element, values, view.state?.values));
    setOwn(found);
    if (Object.keys(found).length > 0 || busy) return;
    void run(() => act({ type: "submit", view_id: view.id, values }));
  };
  const back = depth > 1 ? "Tillbaka" : "Avbryt";
  return (
    <dialog
      ref={dialog}
      className="modal"
      data-testid="modal"
      data-view={view.id}
      aria-labelledby="modal-title"
      onCancel={(event) => {
        // Whether it closes is the server's to say.
        event.preventDefault();
        close();
      }}
    >
      <form noValidate aria-busy={busy} onSubmit={submit}>
        <header>
          <h2 id="modal-title">{unescape(view.title.text)}</h2>
          <button type="button" className="close" aria-label="Stäng" onClick={close}>
            ×
          </button>
        </header>
        <div className="modal-body">
          <ViewSurface id={view.id} view={view} typed={typed} act={act} errors={errors}>
            <Blocks key={view.id} blocks={view.blocks} />
          </ViewSurface>
        </div>
        <footer>
          <button type="button" className="button" data-testid="modal-close" disabled={busy} onClick={close}>
            {view.close ? unescape(view.close.text) : back}
          </button>
          {view.submit && (
            <button type="submit" className="button primary" data-testid="modal-submit" disabled={busy}>
              {busy ? "Skickar …" : unescape(view.submit.text)}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
