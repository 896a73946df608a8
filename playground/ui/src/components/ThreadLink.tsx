import { dateText, momentOf, timeText } from "../text/clock";
import type { Message } from "../world/contract";

interface Props {
  count: number;
  last: Message | undefined;
  onOpen: () => void;
}

export function ThreadLink({ count, last, onOpen }: Props) {
  if (count === 0) {
    return (
      <button type="button" className="reply" onClick={onOpen}>
        Svara i tråd
      </button>
    );
  }
  const at = last && momentOf(last.ts);
  return (
    <button type="button" className="replies" data-testid="replies" onClick={onOpen}>
      {count} svar
      {at && <small>senast {dateText(at)} {timeText(at)}</small>}
    </button>
  );
}
