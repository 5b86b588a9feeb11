/** A pretended virus scanner, which looks at what it gets and answers when the journey says so. */
import { type AddressInfo, type Socket, createServer } from "node:net";

/** The harmless text that every scanner takes for a virus, put together here so that none takes this file for one. */
export const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].join("");

const COMMAND = "zINSTREAM\0";

/** A scanner that speaks clamd's protocol. */
export class Clamd {
  private readonly waiting: { socket: Socket; file: Buffer }[] = [];
  private readonly server = createServer((socket) => this.listen(socket));

  /** Starts one on a free port. */
  static async start(): Promise<Clamd> {
    const clamd = new Clamd();
    await new Promise<void>((done) => clamd.server.listen(0, "127.0.0.1", done));
    return clamd;
  }

  /** Where it is, as the configuration names it. */
  get address(): string {
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many files wait for its answer. */
  get waits(): number {
    return this.waiting.length;
  }

  /** Answers all that wait. */
  answer(): void {
    for (const { socket, file } of this.waiting.splice(0))
      socket.end(`stream: ${file.includes(EICAR) ? "Eicar-Test-Signature FOUND" : "OK"}\0`);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    for (const { socket } of this.waiting.splice(0)) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }

  private listen(socket: Socket): void {
    let received = Buffer.alloc(0);
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      const file = fileIn(received);
      if (file) this.waiting.push({ socket, file });
    });
  }
}

/** The file in a whole question: chunks, each after its length, up to an empty one. */
function fileIn(received: Buffer): Buffer | undefined {
  if (!received.subarray(0, COMMAND.length).equals(Buffer.from(COMMAND))) return;
  const chunks: Buffer[] = [];
  for (let at = COMMAND.length; at + 4 <= received.length; ) {
    const length = received.readUInt32BE(at);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(received.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return;
}
