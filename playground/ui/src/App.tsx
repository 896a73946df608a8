import { ConfirmProvider } from "./components/ConfirmProvider";
import { Loading } from "./components/Loading";
import { Workspace } from "./components/Workspace";
import { usePlace } from "./world/usePlace";
import { useWorld } from "./world/useWorld";

export function App() {
  const [place, go] = usePlace();
  const world = useWorld(place.person);
  if (!world.state) return <Loading online={world.online} />;
  return (
    <ConfirmProvider>
      <Workspace state={world.state} world={world} place={place} go={go} />
    </ConfirmProvider>
  );
}
