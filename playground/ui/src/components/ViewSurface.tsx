import type { ReactNode } from "react";

import type { OpenHome, OpenModal } from "../world/contract";
import { shownState } from "../world/fields";
import { SurfaceContext } from "../world/surface";
import type { Surface } from "../world/surface";
import type { Typed } from "../world/useTyped";
import type { World } from "../world/useWorld";

interface Props {
  id: string;
  view: OpenModal | OpenHome;
  typed: Typed;
  act: World["act"];
  errors?: Record<string, string>;
  children: ReactNode;
}

const NO_ERRORS = {};

/** A modal or the Home tab as a surface for blocks. */
export function ViewSurface({ id, view, typed, act, errors = NO_ERRORS, children }: Props) {
  const surface: Surface = {
    id,
    errors,
    read: (blockId, element) => shownState(blockId, element, typed.on(id), view.state?.values),
    write: (blockId, actionId, state) => typed.write(id, blockId, actionId, state),
    press: async (block_id, action_id, value) => {
      // A press carries the whole view's state with it; the server must know what is typed so far.
      const values = typed.on(id);
      if (Object.keys(values).length > 0) await act({ type: "fill", view_id: id, values });
      await act({ type: "press", view_id: id, block_id, action_id, ...(value && { value }) });
    },
  };
  return <SurfaceContext value={surface}>{children}</SurfaceContext>;
}
