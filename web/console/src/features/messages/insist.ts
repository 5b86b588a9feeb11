/**
 * Repeats a call until the server has answered it, whatever the answer is.
 *
 * Only for calls that may arrive twice: their `client_id` sees to it that they count once.
 */
import { problemOf } from "../../api/client";

const PAUSE_MS_FIRST = 500;
const PAUSE_MS_MAX = 5_000;
/** A connection that stays silent for longer is taken for a broken one. */
const ANSWER_MS_MAX = 15_000;

/** What the server answers in the end, or throws why it refuses. */
export async function insist<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call(AbortSignal.timeout(ANSWER_MS_MAX));
    } catch (error) {
      if (problemOf(error)) throw error;
      await pause(Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** attempt));
    }
  }
}

/** Waits, though not longer than until the network is back. */
function pause(span_ms: number): Promise<void> {
  return new Promise((over) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      over();
    };
    const timer = setTimeout(end, span_ms);
    window.addEventListener("online", end);
  });
}
