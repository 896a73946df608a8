import type { ImageBlock, ImageElement } from "@slack/types";

import { unescape } from "../text/mrkdwn";

function address(image: ImageBlock | ImageElement): string {
  if ("image_url" in image) return image.image_url;
  const { slack_file: file } = image;
  return "id" in file && file.id ? `file/${file.id}` : "url" in file ? (file.url ?? "") : "";
}

export function Picture({ image }: { image: ImageBlock | ImageElement }) {
  const title = "title" in image ? image.title : undefined;
  const picture = <img src={address(image)} alt={unescape(image.alt_text)} />;
  if (!title) return picture;
  return (
    <figure>
      <figcaption>{unescape(title.text)}</figcaption>
      {picture}
    </figure>
  );
}
