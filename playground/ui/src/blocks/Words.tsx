import type { TextObject } from "@slack/types";

import { fromMrkdwn, fromPlainText } from "../text/mrkdwn";
import { Drawn } from "./Drawn";

/** A text object, mrkdwn or plain. */
export function Words({ text }: { text: TextObject }) {
  const block = text.type === "mrkdwn" ? fromMrkdwn(text.text) : fromPlainText(text.text);
  return <Drawn blocks={[block]} />;
}
