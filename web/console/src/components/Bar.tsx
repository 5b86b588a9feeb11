import { cn } from "../lib/cn";

const TONES = { accent: "fill-accent", muted: "fill-control", danger: "fill-danger" };

type Props = {
  /** How much of the whole, from 0 to 1. */
  share: number;
  tone?: keyof typeof TONES;
  className?: string;
};

/** A share as a line; decorative, the figure stands beside it. An SVG, so that any width needs no inline style. */
export function Bar({ share, tone = "accent", className }: Props) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      className={cn("block h-1.5 w-full overflow-hidden rounded-full bg-sunken", className)}
    >
      <rect width={100 * Math.min(1, Math.max(0, share))} height="1" className={TONES[tone]} />
    </svg>
  );
}
