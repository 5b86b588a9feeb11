/**
 * A wire between a browser and the server that can be cut, or deaf in one direction.
 *
 * A browser's own "offline" tells the page at once that it is offline. A real network does not: a wire
 * breaks in the middle of an answer, or carries a message and loses its acknowledgement.
 */
import { connect, createServer, type Server as Listener, type Socket } from "node:net";

/** One wire; what listens at its near end is forwarded to a port of this machine. */
export class Wire {
  private readonly pairs = new Set<{ near: Socket; far: Socket }>();
  private state: "whole" | "cut" | "deaf" = "whole";

  private constructor(
    private readonly listener: Listener,
    private readonly port: number,
  ) {
    listener.on("connection", (near) => this.join(near));
  }

  /** Lays a wire to a port. */
  static async to(port: number): Promise<Wire> {
    const listener = createServer();
    await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
    return new Wire(listener, port);
  }

  /** The origin of its near end. */
  get origin(): string {
    const address = this.listener.address();
    if (address === null || typeof address === "string") throw new Error("the wire is gone");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Breaks what is connected and refuses what comes. */
  cut(): void {
    this.state = "cut";
    this.drop();
  }

  /** Carries what the browser says and loses what the server answers. */
  deafen(): void {
    this.state = "deaf";
  }

  /** Is whole again; what was connected while it was deaf is broken, as nothing that was lost comes back. */
  mend(): void {
    if (this.state === "deaf") this.drop();
    this.state = "whole";
  }

  /** Takes the wire away. */
  async remove(): Promise<void> {
    this.cut();
    await new Promise((closed) => this.listener.close(closed));
  }

  private join(near: Socket): void {
    if (this.state === "cut") {
      near.resetAndDestroy();
      return;
    }
    const far = connect(this.port, "127.0.0.1");
    const pair = { near, far };
    this.pairs.add(pair);
    const part = () => {
      this.pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const end of [near, far]) end.on("error", part).on("close", part);
    near.on("data", (bytes) => far.write(bytes));
    far.on("data", (bytes) => {
      if (this.state !== "deaf") near.write(bytes);
    });
  }

  private drop(): void {
    for (const { near, far } of this.pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.pairs.clear();
  }
}
