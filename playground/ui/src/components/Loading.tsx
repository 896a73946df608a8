export function Loading({ online }: { online: boolean }) {
  return (
    <p className="loading" role="status">
      {online ? "Öppnar lekplatsen …" : "Lekplatsens server svarar inte. Försöker igen …"}
    </p>
  );
}
