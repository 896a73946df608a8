import { Blocks } from "../blocks/Blocks";
import { Words } from "../blocks/Words";
import { momentOf, timeText } from "../text/clock";
import { shownState } from "../world/fields";
import type { Message, Person } from "../world/contract";
import { useDirectory } from "../world/directory";
import { SurfaceContext } from "../world/surface";
import type { Surface } from "../world/surface";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";
import { Avatar } from "./Avatar";
import { Files } from "./Files";
import { ThreadLink } from "./ThreadLink";

interface Props {
  message: Message;
  replies: Message[];
  onThread?: () => void;
  channel: string;
  typed: Typed;
  act: World["act"];
}

function messageSurface({ message, channel, typed, act }: Props): Surface {
  const id = `${channel}-${message.ts}`;
  return {
    id,
    errors: {},
    read: (blockId, element) => shownState(blockId, element, typed.on(id)),
    write: (blockId, actionId, state) => typed.write(id, blockId, actionId, state),
    press: (block_id, action_id, value) =>
      act({ type: "press", channel, ts: message.ts, block_id, action_id, ...(value && { value }) }),
  };
}

export function MessageItem(props: Props) {
  const { message, replies, onThread } = props;
  const { people } = useDirectory();
  const at = momentOf(message.ts);
  const name = message.user_name ?? message.user;
  const author: Person = people.find(({ id }) => id === message.user) ?? { id: message.user, name, real_name: name };
  const blocks = message.blocks ?? [];
  return (
    <article
      className={message.is_ephemeral ? "message ephemeral" : "message"}
      data-testid="message"
      data-ts={message.ts}
    >
      <Avatar person={author} />
      <div className="message-body">
        {message.is_ephemeral && <p className="only-you">Bara synligt för dig</p>}
        <header>
          <strong>{author.real_name || name}</strong>
          {author.is_bot && <span className="app-badge">APP</span>}
          <time dateTime={at.toISOString()}>{timeText(at)}</time>
          {Boolean(message.edited) && <span className="edited">(redigerat)</span>}
        </header>
        <SurfaceContext value={messageSurface(props)}>
          {blocks.length > 0 ? <Blocks blocks={blocks} /> : <Words text={{ type: "mrkdwn", text: message.text ?? "" }} />}
        </SurfaceContext>
        <Files files={message.files ?? []} />
        {onThread && !message.is_ephemeral && (
          <ThreadLink count={message.reply_count ?? replies.length} last={replies.at(-1)} onOpen={onThread} />
        )}
      </div>
    </article>
  );
}
