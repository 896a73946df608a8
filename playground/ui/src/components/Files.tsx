import type { SlackFile } from "../world/contract";

const isPicture = (mimetype: string | undefined, name: string): boolean =>
  mimetype ? mimetype.startsWith("image/") : /\.(png|jpe?g|gif)$/i.test(name);

/** Files shared with a message: pictures are shown, the rest can be fetched. */
export function Files({ files }: { files: SlackFile[] }) {
  return files.map(({ id, name, title, mimetype, alt_txt }) => {
    const address = `file/${encodeURIComponent(id)}`;
    const called = title ?? name ?? id;
    if (!isPicture(mimetype, name ?? called)) {
      return (
        <a key={id} className="file" href={address} download={name ?? true}>
          {called}
        </a>
      );
    }
    return (
      <figure key={id}>
        <figcaption>{called}</figcaption>
        <img src={address} alt={alt_txt ?? called} />
      </figure>
    );
  });
}
