/** The colour of a tag; its name stands beside it. An SVG, so that any colour needs no inline style. */
export function TagDot({ color }: { color: string }) {
  return (
    <svg aria-hidden viewBox="0 0 10 10" className="size-2 shrink-0">
      <rect width="10" height="10" rx="3" fill={color} />
    </svg>
  );
}
