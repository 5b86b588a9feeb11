/** A WebSocket without a network: tests see what was sent and decide what arrives. */
export class FakeSocket {
  static opened: FakeSocket[] = [];
  readonly sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.opened.push(this);
  }

  /** The socket that was opened last. */
  static get last(): FakeSocket {
    const socket = FakeSocket.opened.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }

  close(code = 1000): void {
    this.onclose?.({ code });
  }

  /** Lets the connection come about and the server say welcome. */
  welcome(cursor: number): void {
    this.onopen?.();
    this.receive({ type: "welcome", cursor, agent: {} });
  }

  /** Lets a frame arrive. */
  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}
