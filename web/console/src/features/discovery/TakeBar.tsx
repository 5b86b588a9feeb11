type Props = {
  /** The share that is about it, and the part of that which a bot would take; from 0 to 1. */
  share: number;
  expected: number;
  /** The share that fills the bar. */
  most: number;
};

/** A share as a line, with the part that a bot would take in colour; decorative, the figures stand beside it. */
export function TakeBar({ share, expected, most }: Props) {
  const width = (part: number) => (most > 0 ? (100 * Math.min(part, most)) / most : 0);
  return (
    <svg
      aria-hidden
      viewBox="0 0 100 1"
      preserveAspectRatio="none"
      className="block h-2 w-full overflow-hidden rounded-full bg-sunken"
    >
      <rect width={width(share)} height="1" className="fill-accent/30" />
      <rect width={width(expected)} height="1" className="fill-accent" />
    </svg>
  );
}
