/** The widget's drawings: strokes that take the colour of their text. */

const PATHS = {
  attach:
    "M20 11.5l-8.200 8.200a5.200 5.200 0 0 1-7.400-7.400l8.500-8.500a3.500 3.500 0 0 1 5 5l-8.500 8.500a1.700 1.700 0 0 1-2.500-2.500l7.800-7.800",
  send: "M4.500 12 20 4.500 15.500 20l-3.800-6.200L4.500 12Zm7.200 1.800 4-4.300",
  down: "M6 9.500l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5Zm0 0v5h5M9 13h6M9 17h4",
  alert: "M12 8v5m0 3v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  check: "M5 12.500l4.500 4.500L19 7.500",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  offline:
    "M4 4l16 16M8.500 15.500a5 5 0 0 1 7 0M5.500 12.200a9.500 9.500 0 0 1 4.300-2.400M18.500 12.200a9.600 9.600 0 0 0-3.200-2.100M2.500 8.800a14 14 0 0 1 4.200-2.700M21.500 8.800A14 14 0 0 0 11 5.100M12 19v.1",
  globe:
    "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-9 9h18M12 3c2.500 2.600 3.700 5.600 3.700 9s-1.200 6.400-3.700 9c-2.500-2.600-3.700-5.600-3.700-9S9.500 5.600 12 3Z",
  mark: "M6 10.500v3M10 7v10M14 9.500v5M18 5.500v13",
} as const;

/** One drawing; it says nothing to a screen reader. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

const MOUTHS = [
  "M8.300 16.800c1-1.500 2.200-2.200 3.700-2.200s2.700.7 3.700 2.200",
  "M8.800 16.300c.9-.8 2-1.200 3.200-1.200s2.300.4 3.200 1.200",
  "M8.800 15.600h6.400",
  "M8.500 14.600c.9 1 2.100 1.500 3.500 1.500s2.600-.5 3.500-1.500",
  "M7.800 13.800c.6 2.100 2 3.200 4.200 3.200s3.600-1.100 4.200-3.200Z",
] as const;

/** The face of a score from 1 to 5. */
export function Face({ score }: { score: number }) {
  return (
    <svg class="icon face-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9" />
      <path d="M9 9.200v.9M15 9.200v.9" />
      <path d={MOUTHS[score - 1] ?? MOUTHS[2]} />
    </svg>
  );
}
