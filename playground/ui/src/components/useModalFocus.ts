import { useEffect, useLayoutEffect } from "react";
import type { RefObject } from "react";

const FIELDS = "input, select, textarea";

/** Opens the dialog and moves the focus: into a new view, and to the first field that was refused. */
export function useModalFocus(dialog: RefObject<HTMLDialogElement | null>, viewId: string, errors: string): void {
  // Closed while still on the page, so that the browser gives the focus back to where it was.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, [dialog]);

  useEffect(() => {
    const body = dialog.current?.querySelector(".modal-body");
    const asked = body?.querySelector<HTMLElement>("[data-autofocus]");
    const first = body?.querySelector<HTMLElement>(FIELDS);
    const last = dialog.current?.querySelector<HTMLElement>("footer button:last-child");
    (asked ?? first ?? last)?.focus();
    if (body) body.scrollTop = 0;
  }, [dialog, viewId]);

  useEffect(() => {
    const refused = errors && dialog.current?.querySelector<HTMLElement>(`.failed :is(${FIELDS})`);
    if (refused) refused.focus();
  }, [dialog, errors]);
}
