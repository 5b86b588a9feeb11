/**
 * A socket that comes back: it opens, says hello, notices silence, and opens again with back-off.
 *
 * It knows nothing of messages, order or acknowledgement; `VisitorLive` and `AgentLive` do.
 */
import type { Environment, Socket, Timer } from "./environment.ts";

/** Where a connection stands. */
export type LinkState =
  | { phase: "idle" }
  | { phase: "connecting" }
  | { phase: "online" }
  | { phase: "waiting"; retry_in_ms: number }
  | { phase: "offline" }
  | { phase: "refused"; code: number };

/** What the owner of a link gives it. */
export interface LinkOwner {
  /** The first frame of each connection. */
  hello(): object;
  /** Takes one text frame. */
  receive(text: string): void;
  /** Learns of each change of state. */
  changed(state: LinkState): void;
}

/** Closing codes of the server. */
export const CLOSE = {
  badFrame: 4400,
  notAllowed: 4401,
  tooSlow: 4408,
  tooMany: 4429,
  restarting: 1012,
} as const;

const CLOSE_TO_RESUME = 4000;
const WELCOME_MS_MAX = 10_000;
const HEARTBEAT_MS = 25_000;
const PONG_MS_MAX = 10_000;
const POKE_PONG_MS_MAX = 4_000;
const BACKOFF_MS_FIRST = 500;
const BACKOFF_MS_MAX = 30_000;
const BACKOFF_MS_TOO_MANY = 5_000;
const STABLE_MS = 5_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first retry).
 *
 * Exponential, capped, and spread over the upper half of the span, so that thousands of pages that
 * lost one server do not return to it in one instant.
 */
export function backoff_ms(attempt: number, random: number, least_ms = 0): number {
  const span = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_FIRST * 2 ** Math.min(attempt, 16));
  return Math.max(least_ms, Math.round(span / 2 + (span / 2) * random));
}

/** One resumable connection to one address. */
export class Link {
  private socket: Socket | null = null;
  private state: LinkState = { phase: "idle" };
  private attempt = 0;
  private established_ms: number | null = null;
  private retryTimer: Timer = null;
  private deadlineTimer: Timer = null;
  private heartbeatTimer: Timer = null;
  private unwatch: (() => void) | null = null;

  constructor(
    private readonly url: string,
    private readonly environment: Environment,
    private readonly owner: LinkOwner,
  ) {}

  /** Starts connecting; a started link is left alone. */
  start(): void {
    if (this.unwatch) return;
    this.unwatch = this.environment.watchNetwork((online) => this.networkChanged(online));
    this.attempt = 0;
    this.connect();
  }

  /** Closes for good, until `start`. */
  stop(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.release();
    this.enter({ phase: "idle" });
  }

  /** Closes and connects again at once: what was heard does not add up, or who speaks has changed. */
  restart(): void {
    if (!this.unwatch) return;
    this.release();
    this.connect();
  }

  /** Closes and connects again after back-off. */
  resume(): void {
    if (!this.unwatch) return;
    this.lost(CLOSE_TO_RESUME);
  }

  /** The server has welcomed us: the connection may carry work. */
  established(): void {
    this.clearDeadline();
    this.established_ms = this.environment.now_ms();
    this.enter({ phase: "online" });
    this.scheduleHeartbeat();
  }

  /** Asks for a sign of life, or skips the wait for the next attempt; for wake-ups and impatient people. */
  poke(): void {
    if (!this.unwatch) return;
    if (this.state.phase === "online") this.probe(POKE_PONG_MS_MAX);
    else if (this.state.phase === "waiting" || this.state.phase === "offline") {
      this.attempt = 0;
      this.restart();
    }
  }

  /** Sends a frame if the connection is established; says whether it did. */
  send(frame: object): boolean {
    if (this.state.phase !== "online" || !this.socket) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private connect(): void {
    this.enter({ phase: "connecting" });
    let socket: Socket;
    try {
      socket = this.environment.openSocket(this.url);
    } catch {
      this.lost(0);
      return;
    }
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify(this.owner.hello()));
    socket.onmessage = (event) => this.heard(socket, event.data);
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code);
    };
    // An error is always followed by a close, which is where it is dealt with.
    socket.onerror = () => undefined;
    this.setDeadline(WELCOME_MS_MAX);
  }

  private heard(socket: Socket, data: unknown): void {
    if (socket !== this.socket || typeof data !== "string") return;
    if (this.state.phase === "online") this.clearDeadline();
    this.owner.receive(data);
  }

  private lost(code: number): void {
    if (this.established_ms !== null) {
      const stable = this.environment.now_ms() - this.established_ms >= STABLE_MS;
      if (stable) this.attempt = 0;
    }
    this.release();
    if (code === CLOSE.notAllowed) {
      this.enter({ phase: "refused", code });
      return;
    }
    const least_ms = code === CLOSE.tooMany ? BACKOFF_MS_TOO_MANY : 0;
    const retry_in_ms = backoff_ms(this.attempt, this.environment.random(), least_ms);
    this.attempt += 1;
    this.retryTimer = this.environment.setTimer(() => {
      this.retryTimer = null;
      this.connect();
    }, retry_in_ms);
    const online = this.environment.isOnline();
    this.enter(online ? { phase: "waiting", retry_in_ms } : { phase: "offline" });
  }

  private networkChanged(online: boolean): void {
    if (this.state.phase === "refused") return;
    if (!online) {
      this.lost(CLOSE_TO_RESUME);
      return;
    }
    this.attempt = 0;
    if (this.state.phase === "online") this.probe(POKE_PONG_MS_MAX);
    else this.restart();
  }

  private probe(within_ms: number): void {
    if (this.send({ type: "ping" })) this.setDeadline(within_ms);
  }

  private scheduleHeartbeat(): void {
    if (this.heartbeatTimer !== null) this.environment.clearTimer(this.heartbeatTimer);
    this.heartbeatTimer = this.environment.setTimer(() => {
      this.heartbeatTimer = null;
      this.probe(PONG_MS_MAX);
      this.scheduleHeartbeat();
    }, HEARTBEAT_MS);
  }

  private setDeadline(within_ms: number): void {
    this.clearDeadline();
    this.deadlineTimer = this.environment.setTimer(() => this.lost(CLOSE_TO_RESUME), within_ms);
  }

  private clearDeadline(): void {
    if (this.deadlineTimer !== null) this.environment.clearTimer(this.deadlineTimer);
    this.deadlineTimer = null;
  }

  private release(): void {
    const socket = this.socket;
    this.socket = null;
    this.established_ms = null;
    this.clearDeadline();
    for (const timer of [this.retryTimer, this.heartbeatTimer]) {
      if (timer !== null) this.environment.clearTimer(timer);
    }
    this.retryTimer = null;
    this.heartbeatTimer = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close(CLOSE_TO_RESUME);
  }

  private enter(state: LinkState): void {
    this.state = state;
    this.owner.changed(state);
  }
}
