/**
 * The real binary, serving the demo company from a folder of its own.
 *
 * It can be killed outright and started again on the same port, which is how a crash looks to a browser.
 * Console, widget and files are on its one origin, or apart: each on an origin of its own. Names below
 * `localhost` lead browsers to this machine without asking anybody.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "../../..");
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const OUTPUT_LINES_MAX = 200;

/** What the binary prints when it is ready. */
interface Ready {
  origin: string;
  loginLink: string;
}

/** The parts of a server, each of which may have an origin of its own. */
export type Part = "site" | "console" | "widget" | "files";

/** What each part is called where they are apart. */
const NAMES: Record<Part, string> = {
  site: "attune.localhost",
  console: "console.attune.localhost",
  widget: "chat.attune.localhost",
  files: "files.attune.localhost",
};

/** One server and its data. */
export class Server {
  private child: ChildProcess | null = null;
  private ready: Ready | null = null;
  private readonly output: string[] = [];

  private constructor(
    private readonly binary: string,
    private readonly folder: string,
    private readonly isApart: boolean,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts the demo company in an empty folder, on a port that is free; `settings` are of its environment. */
  static async start({ apart = false, settings = {} as Record<string, string> } = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "attune-browser-"));
    const server = new Server(binary(), folder, apart, settings);
    // Origins are part of the settings, so their port must be known before.
    await server.launch(apart ? await freePort() : 0);
    return server;
  }

  /** Where it listens; programs come here. */
  get origin(): string {
    return this.isReady().origin;
  }

  /** Where browsers find a part. */
  at(part: Part): string {
    return this.isApart ? apart(part, this.port) : this.origin;
  }

  /** Every origin that its pages may talk to. */
  get origins(): string[] {
    return [...new Set((Object.keys(NAMES) as Part[]).map((part) => this.at(part)))];
  }

  /** The port it listens on. */
  get port(): number {
    return Number(new URL(this.origin).port);
  }

  /** The login that works once. */
  get loginLink(): string {
    return this.isReady().loginLink;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** Starts it again with the same data on the same port. */
  async restart(): Promise<void> {
    await this.launch(this.port);
  }

  /** Ends it politely and removes its data; says so if it had to be killed. */
  async stop(): Promise<void> {
    const { child } = this;
    try {
      if (child && child.exitCode === null) {
        const exited = once(child, "exit", { signal: AbortSignal.timeout(STOP_MS_MAX) });
        child.kill("SIGTERM");
        await exited.catch(() => {
          child.kill("SIGKILL");
          throw new Error(`the server did not stop within ${STOP_MS_MAX} ms\n${this.tail()}`);
        });
      }
    } finally {
      await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }

  /** The last that it said, for the report of a failure. */
  tail(): string {
    return this.output.slice(-40).join("\n");
  }

  private async launch(port: number): Promise<void> {
    const child = spawn(
      this.binary,
      ["demo", "--data", join(this.folder, "data"), "--listen", `127.0.0.1:${port}`],
      {
        cwd: ROOT,
        env: { ...process.env, ...this.settings, ...(this.isApart && origins(port)) },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.child = child;
    this.ready = await this.listen(child);
  }

  private listen(child: ChildProcess): Promise<Ready> {
    return new Promise((done, fail) => {
      const deadline = setTimeout(() => {
        child.kill("SIGKILL");
        fail(new Error(`the server was not ready within ${START_MS_MAX} ms\n${this.tail()}`));
      }, START_MS_MAX);
      const settle = (act: () => void) => {
        clearTimeout(deadline);
        act();
      };
      let origin: string | undefined;
      let link: string | undefined;
      const read = (line: string) => {
        this.output.push(line);
        if (this.output.length > OUTPUT_LINES_MAX) this.output.shift();
        origin ??= /^listening on (http:\/\/\S+)/.exec(line)?.[1]?.replace(/\/$/, "");
        link ??= /\bhttp:\/\/\S+\/console\/\S*#\S+/.exec(line)?.[0] ?? this.ready?.loginLink;
        if (origin && link) {
          const ready = { origin, loginLink: link };
          settle(() => done(ready));
        }
      };
      for (const stream of [child.stdout, child.stderr])
        if (stream) createInterface({ input: stream }).on("line", read);
      child.once("error", (error) => settle(() => fail(error)));
      child.once("exit", (code, signal) =>
        settle(() => fail(new Error(`the server ended (${code ?? signal})\n${this.tail()}`))),
      );
    });
  }

  private isReady(): Ready {
    if (!this.ready) throw new Error("the server has not started");
    return this.ready;
  }
}

function apart(part: Part, port: number): string {
  return `http://${NAMES[part]}:${port}`;
}

/** What tells the binary where its parts are. */
function origins(port: number): Record<string, string> {
  return {
    ATTUNE__SERVER__PUBLIC_URL: apart("site", port),
    ATTUNE__ORIGINS__CONSOLE: apart("console", port),
    ATTUNE__ORIGINS__WIDGET: apart("widget", port),
    ATTUNE__ORIGINS__FILES: apart("files", port),
  };
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port is free");
  return address.port;
}

function binary(): string {
  const given = process.env.ATTUNE;
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const path = given ? resolve(ROOT, given) : resolve(ROOT, target, "debug/attune");
  if (!existsSync(path)) throw new Error(`${path} is missing; build it: cargo build -p attune`);
  return path;
}
