/**
 * What has been said and not yet been confirmed, in order.
 *
 * One frame is in flight at a time, so order survives a lost connection and a server that asks to
 * slow down. A frame leaves only when it is confirmed or refused; it keeps its `client_id` for ever,
 * so sending it again is harmless.
 */
import type { Environment, Timer } from "./environment.ts";

const ACK_MS_MAX = 10_000;

/** How an outbox reaches the world. */
export interface OutboxOwner<Frame> {
  /** Sends a frame now; says whether that was possible. */
  transmit(frame: Frame): boolean;
  /** No confirmation came in time: the connection is not to be trusted. */
  stalled(): void;
}

/** An ordered list of unconfirmed frames. */
export class Outbox<Frame extends { client_id: string }> {
  private frames: Frame[] = [];
  private open = false;
  private timer: Timer = null;

  constructor(
    private readonly environment: Environment,
    private readonly owner: OutboxOwner<Frame>,
  ) {}

  /** The frames that wait for confirmation, oldest first. */
  list(): readonly Frame[] {
    return this.frames;
  }

  /** Adds a frame; one with a known `client_id` is not added again. */
  add(frame: Frame): void {
    if (this.frames.some((one) => one.client_id === frame.client_id)) return;
    this.frames.push(frame);
    if (this.open && this.frames.length === 1) this.transmitFirst();
  }

  /** The connection carries work from now on: sends the oldest frame (again). */
  resume(): void {
    this.open = true;
    this.transmitFirst();
  }

  /** The connection is gone. */
  pause(): void {
    this.open = false;
    this.clearTimer();
  }

  /** Takes out a frame that is confirmed or refused; says whether it was there. */
  settle(client_id: string): boolean {
    const at = this.frames.findIndex((frame) => frame.client_id === client_id);
    if (at < 0) return false;
    this.frames.splice(at, 1);
    if (at === 0 && this.open) this.transmitFirst();
    return true;
  }

  /** The server did not take the frame: sends it again after `retry_after_ms`. */
  slowDown(client_id: string, retry_after_ms: number): void {
    if (!this.open || this.frames[0]?.client_id !== client_id) return;
    this.setTimer(() => this.transmitFirst(), retry_after_ms);
  }

  /** Forgets everything. */
  clear(): void {
    this.frames = [];
    this.clearTimer();
  }

  private transmitFirst(): void {
    this.clearTimer();
    const frame = this.frames[0];
    if (!frame || !this.owner.transmit(frame)) return;
    this.setTimer(() => this.owner.stalled(), ACK_MS_MAX);
  }

  private setTimer(task: () => void, delay_ms: number): void {
    this.clearTimer();
    this.timer = this.environment.setTimer(() => {
      this.timer = null;
      task();
    }, delay_ms);
  }

  private clearTimer(): void {
    if (this.timer !== null) this.environment.clearTimer(this.timer);
    this.timer = null;
  }
}
