import { useEffect, useRef, useState } from "react";

interface Props {
  text: string | null;
  onClose: () => void;
}

/** What went wrong, or what the server wants said, until it is put away. */
export function Toast({ text, onClose }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [putAway, setPutAway] = useState<string | null>(null);
  const shown = text && text !== putAway;
  useEffect(() => {
    if (!text) setPutAway(null);
    // A popover lies above an open modal; nothing else can.
    if (shown) element.current?.showPopover();
    else element.current?.hidePopover();
  }, [shown, text]);
  const close = () => {
    setPutAway(text);
    onClose();
  };
  return (
    <div ref={element} popover="manual" className="toast" role="alert" data-testid="toast">
      <span>{shown && text}</span>
      <button type="button" aria-label="Stäng meddelandet" onClick={close}>
        ×
      </button>
    </div>
  );
}
