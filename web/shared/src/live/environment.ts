/**
 * What a live connection needs from the world: sockets, timers, randomness, the network's state.
 *
 * Everything arrives as an argument, so that a test can hold the clock and lose frames on purpose.
 */

/** The part of a `WebSocket` that a connection uses. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  onerror: (() => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** Handle of a running timer. */
export type Timer = unknown;

/** The world around a connection. */
export interface Environment {
  /** Opens a socket; may throw. */
  openSocket(url: string): Socket;
  /** Runs `task` once after `delay_ms`. */
  setTimer(task: () => void, delay_ms: number): Timer;
  /** Stops a timer that has not run yet. */
  clearTimer(timer: Timer): void;
  /** Milliseconds on a clock that never goes back. */
  now_ms(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Whether the device believes that it has a network. */
  isOnline(): boolean;
  /** Calls `changed` when the network comes or goes; returns the way to stop. */
  watchNetwork(changed: (online: boolean) => void): () => void;
}

/** The environment of a page in a browser. */
export function browserEnvironment(): Environment {
  return {
    openSocket: (url) => new WebSocket(url) as Socket,
    setTimer: (task, delay_ms) => setTimeout(task, delay_ms),
    clearTimer: (timer) => clearTimeout(timer as number),
    now_ms: () => performance.now(),
    random: () => Math.random(),
    isOnline: () => navigator.onLine,
    watchNetwork(changed) {
      const up = () => changed(true);
      const down = () => changed(false);
      window.addEventListener("online", up);
      window.addEventListener("offline", down);
      return () => {
        window.removeEventListener("online", up);
        window.removeEventListener("offline", down);
      };
    },
  };
}

/** The address of a live endpoint on the server that `origin` names. */
export function liveUrl(origin: string, path: string): string {
  const url = new URL(path, origin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
