import { Message as Library } from "slack-blocks-to-jsx";
import type { Block as LibraryBlock, MessageProps } from "slack-blocks-to-jsx";
import type { KnownBlock } from "@slack/types";

import { useDirectory } from "../world/directory";

const hooks: NonNullable<MessageProps["hooks"]> = {
  // The library gives an unknown name back bare; Slack shows it with its colons.
  emoji: (data, parse) => {
    const drawn = parse(data);
    return drawn === data.name ? `:${data.name}:` : drawn;
  },
};

/** Blocks as slack-blocks-to-jsx draws them: everything that is only looked at. */
export function Drawn({ blocks }: { blocks: KnownBlock[] }) {
  const { people, channels } = useDirectory();
  const users = people.map(({ id, real_name, name }) => ({ id, name: real_name || name }));
  return (
    <Library
      withoutWrapper
      theme="light"
      name=""
      logo=""
      className="drawn"
      hooks={hooks}
      data={{ users, channels }}
      // Two descriptions of the same JSON: Slack's own types and the library's.
      blocks={blocks as unknown as LibraryBlock[]}
    />
  );
}
