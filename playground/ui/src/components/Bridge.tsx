/** The bot's picture: a bridge (bro). */
export function Bridge() {
  return (
    <svg className="bridge" viewBox="0 0 40 40" aria-hidden="true">
      <rect width="40" height="40" rx="9" />
      <path d="M5 27h30M8 27v-7M32 27v-7M8 20c4 0 8-8 12-8s8 8 12 8M20 12v15M14 16.5V27M26 16.5V27" />
    </svg>
  );
}
