import type { KnownBlock, TableBlock } from "@slack/types";

import { fromPlainText } from "../text/mrkdwn";
import { Drawn } from "./Drawn";

/** Plain cells go to the library as rich text: its parser for plain ones reads Markdown in them. */
export function Table({ block }: { block: TableBlock }) {
  const rows = block.rows.map((row) =>
    row.map((cell) => (cell.type === "raw_text" ? fromPlainText(cell.text) : cell)),
  );
  return <Drawn blocks={[{ ...block, rows } as KnownBlock]} />;
}
