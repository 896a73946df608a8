import type { Button } from "@slack/types";

import { unescape } from "../text/mrkdwn";
import { useBusy } from "../world/useBusy";

interface Props {
  element: Button;
  onPress: () => Promise<void>;
}

export function PressButton({ element, onPress }: Props) {
  const [busy, run] = useBusy();
  const click = () => {
    if (busy) return;
    if (element.url) window.open(element.url, "_blank", "noopener");
    void run(onPress);
  };
  return (
    <button
      type="button"
      className={`button ${element.style ?? ""}`}
      // Not `disabled`, which would take the focus away from the one who pressed.
      aria-disabled={busy}
      aria-busy={busy}
      aria-label={element.accessibility_label}
      onClick={click}
    >
      {unescape(element.text.text)}
    </button>
  );
}
