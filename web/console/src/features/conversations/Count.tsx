const COUNTED_MAX = 999;

/** How many there are; nothing for none, and the server counts to a thousand only. */
export function Count({ value }: { value: number | undefined }) {
  if (!value) return null;
  return (
    <span className="text-xs text-muted tabular-nums">
      {value > COUNTED_MAX ? `${COUNTED_MAX}+` : value}
    </span>
  );
}
