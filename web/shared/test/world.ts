/**
 * A world for connections under test: a clock that the test turns, sockets that it holds in its hand,
 * and randomness that can be repeated.
 */
import type { Environment, Socket } from "../src/live/environment.ts";

/** A socket whose other end is the test. */
export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];
  closed: number | null = null;
  onsent: ((frame: Record<string, unknown>) => void) | null = null;

  constructor(readonly url: string) {}

  send(data: string): void {
    const frame = JSON.parse(data) as Record<string, unknown>;
    this.sent.push(frame);
    this.onsent?.(frame);
  }

  close(code = 1005): void {
    this.closed ??= code;
  }

  /** The server accepts. */
  open(): void {
    this.onopen?.();
  }

  /** The server says something. */
  deliver(frame: object | string): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  /** The line breaks, or the server hangs up. */
  cut(code = 1006): void {
    if (this.closed !== null) return;
    this.closed = code;
    this.onclose?.({ code });
  }
}

/** A repeatable source of randomness (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An environment that stands still until the test moves it. */
export class World implements Environment {
  readonly sockets: FakeSocket[] = [];
  refuseSockets = false;
  onsocket: ((socket: FakeSocket) => void) | null = null;
  private time_ms = 0;
  private online = true;
  private timers: { at_ms: number; order: number; task: () => void }[] = [];
  private order = 0;
  private watchers = new Set<(online: boolean) => void>();

  constructor(readonly random: () => number = () => 0.5) {}

  openSocket(url: string): Socket {
    if (this.refuseSockets) throw new Error("no sockets today");
    const socket = new FakeSocket(url);
    this.sockets.push(socket);
    this.onsocket?.(socket);
    return socket;
  }

  setTimer(task: () => void, delay_ms: number): object {
    this.order += 1;
    const timer = { at_ms: this.time_ms + delay_ms, order: this.order, task };
    this.timers.push(timer);
    return timer;
  }

  clearTimer(timer: unknown): void {
    this.timers = this.timers.filter((one) => one !== timer);
  }

  now_ms(): number {
    return this.time_ms;
  }

  isOnline(): boolean {
    return this.online;
  }

  watchNetwork(changed: (online: boolean) => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }

  /** Whether any timer waits. */
  get waits(): boolean {
    return this.timers.length > 0;
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("nobody has connected yet");
    return socket;
  }

  /** Lets the network come or go. */
  setOnline(online: boolean): void {
    this.online = online;
    for (const watcher of this.watchers) watcher(online);
  }

  /** Turns the clock, running what falls due, in order. */
  advance(span_ms: number): void {
    const end_ms = this.time_ms + span_ms;
    for (;;) {
      const [next] = this.timers
        .filter((timer) => timer.at_ms <= end_ms)
        .sort((a, b) => a.at_ms - b.at_ms || a.order - b.order);
      if (!next) break;
      this.time_ms = next.at_ms;
      this.clearTimer(next);
      next.task();
    }
    this.time_ms = end_ms;
  }
}
