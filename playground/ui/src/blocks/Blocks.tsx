import type { KnownBlock } from "@slack/types";

import { Actions } from "./Actions";
import { Context } from "./Context";
import { Drawn } from "./Drawn";
import { Heading } from "./Heading";
import { Input } from "./Input";
import { Picture } from "./Picture";
import { Section } from "./Section";
import { Table } from "./Table";

function One({ block }: { block: KnownBlock }) {
  switch (block.type) {
    case "section":
      return <Section block={block} />;
    case "context":
      return <Context block={block} />;
    case "header":
      return <Heading block={block} />;
    case "image":
      return <Picture image={block} />;
    case "actions":
      return <Actions block={block} />;
    case "input":
      return <Input block={block} />;
    case "table":
      return <Table block={block} />;
    case "divider":
      return <hr />;
    default:
      return <Drawn blocks={[block]} />;
  }
}

export function Blocks({ blocks }: { blocks: KnownBlock[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, n) => (
        <One key={block.block_id ?? n} block={block} />
      ))}
    </div>
  );
}
