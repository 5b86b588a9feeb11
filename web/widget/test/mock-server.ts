/**
 * A server for tests that speaks the visitor's protocol: one conversation for each token, kept in memory.
 *
 * It answers by a small script, stores each `client_id` once, and can lose, double and swap frames and
 * cut lines on purpose. It is no part of the product.
 */
import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type {
  Attachment,
  AttachmentState,
  Message,
  QuickReply,
  Sender,
  VisitorInbox,
  WelcomeConversation,
} from "@attune/shared/live";
import { WebSocket, WebSocketServer } from "ws";

/** How often each fault happens, as shares of frames. */
export interface Faults {
  lose: number;
  double: number;
  swap: number;
  cut: number;
  slow: number;
}

/** What a mock server is made of. */
export interface MockOptions {
  inbox?: Partial<VisitorInbox>;
  random?: () => number;
  now?: () => Date;
  /** Folders to serve, by the path they appear under. */
  folders?: Record<string, string>;
  /** Pages to serve as they are. */
  pages?: Record<string, string>;
  /** Files wait until a test judges them. */
  scans?: boolean;
  /** What happens after a contact's message is stored. */
  onMessage?: (thread: MockThread, message: Message) => void;
}

const NO_FAULTS: Faults = { lose: 0, double: 0, swap: 0, cut: 0, slow: 0 };
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** One conversation. */
export class MockThread {
  readonly messages: Message[] = [];
  readonly lines = new Set<Line>();
  readonly sends = new Map<string, Message>();
  readonly reads: number[] = [];
  status: WelcomeConversation["status"] = "bot";
  assignee: { id: number; name: string } | null = null;
  rating: { score: number; comment: string | null } | null = null;

  constructor(
    readonly id: number,
    private readonly now: () => Date,
  ) {}

  /** Adds a message and tells everybody who listens. */
  append(part: Partial<Message> & { sender: Sender }): Message {
    const seq = this.messages.length + 1;
    const message: Message = {
      id: this.id * 10_000 + seq,
      conversation_id: this.id,
      seq,
      kind: "text",
      text: "",
      quick_replies: [],
      attachments: [],
      activity: null,
      target_seq: null,
      retracted: false,
      client_id: null,
      created_at: this.now().toISOString(),
      ...part,
    };
    this.messages.push(message);
    for (const line of this.lines) line.say(this.event(message));
    return message;
  }

  /** The bot says something. */
  bot(text: string, quick_replies: QuickReply[] = []): Message {
    return this.append({ sender: { kind: "bot", id: null, name: null }, text, quick_replies });
  }

  /** The assigned agent says something. */
  agent(text: string): Message {
    const { id, name } = this.assignee ?? { id: 1, name: "Ada" };
    return this.append({ sender: { kind: "agent", id, name }, text });
  }

  /** A public fact enters the thread. */
  activity(
    activity: NonNullable<Message["activity"]>,
    text: string,
    target_seq: number | null = null,
  ): void {
    const sender: Sender = { kind: "system", id: null, name: null };
    this.append({ kind: "activity", sender, activity, text, target_seq });
  }

  /** Somebody writes. */
  typing(sender: Sender): void {
    for (const line of this.lines) line.say({ type: "typing", sender });
  }

  /** A scanner finds something out about a file of a message. */
  judge(seq: number, state: AttachmentState): void {
    const message = this.messages[seq - 1];
    if (!message) throw new Error(`there is no message ${seq}`);
    const judged = (file: Attachment): Attachment => ({ ...file, state });
    const next = { ...message, attachments: message.attachments.map(judged) };
    this.messages[seq - 1] = next;
    for (const line of this.lines) line.say(this.event(next, "message.scanned"));
  }

  /** An event frame. */
  event(message: Message, type = "message.created"): object {
    return {
      specversion: "1.0",
      id: `1/${message.id}`,
      source: "/accounts/1",
      type,
      subject: `/conversations/${this.id}`,
      time: message.created_at,
      data: {
        message,
        conversation: { id: this.id, status: this.status, assignee: this.assignee },
      },
    };
  }
}

/** One connection, faults included. */
export class Line {
  private held: object | null = null;

  constructor(
    private readonly socket: WebSocket,
    private readonly server: MockServer,
  ) {}

  /** Sends a frame that may get lost. */
  say(frame: object): void {
    const { faults, random } = this.server;
    if (random() < faults.lose) return;
    if (random() < faults.cut) {
      this.socket.terminate();
      return;
    }
    if (random() < faults.swap && !this.held) {
      this.held = frame;
      return;
    }
    this.tell(frame);
    if (random() < faults.double) this.tell(frame);
    if (this.held) this.tell(this.held);
    this.held = null;
  }

  /** Sends a frame for certain. */
  tell(frame: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Closes the line. */
  close(code: number): void {
    this.socket.close(code);
  }
}

/** The server. */
export class MockServer {
  readonly threads = new Map<string, MockThread>();
  readonly hellos: Record<string, unknown>[] = [];
  faults: Faults = NO_FAULTS;
  /** Answers to give instead of storing the next send. */
  refusals: object[] = [];
  connections = 0;
  readonly random: () => number;
  private readonly http: Server;
  private readonly sockets: WebSocketServer;
  private readonly files = new Map<number, { name: string; type: string; bytes: Buffer }>();
  private tokens = 0;

  constructor(private readonly options: MockOptions = {}) {
    this.random = options.random ?? (() => 1);
    this.http = createServer((request, response) => this.answer(request, response));
    this.sockets = new WebSocketServer({ server: this.http, path: "/api/v1/visitor/live" });
    this.sockets.on("connection", (socket) => this.accept(socket));
  }

  /** Starts on a free port of this machine; returns the origin. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(port, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** Hangs up on everybody. */
  cutAll(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  /** Ends the server. */
  async close(): Promise<void> {
    this.cutAll();
    this.sockets.close();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  /** The thread of a token, made when it is first needed. */
  thread(token: string): MockThread {
    const known = this.threads.get(token);
    if (known) return known;
    const thread = new MockThread(this.threads.size + 1, this.options.now ?? (() => new Date()));
    this.threads.set(token, thread);
    return thread;
  }

  private accept(socket: WebSocket): void {
    this.connections += 1;
    const line = new Line(socket, this);
    let token: string | null = null;
    socket.on("message", (data) => {
      if (this.random() < this.faults.cut) {
        socket.terminate();
        return;
      }
      const frame = JSON.parse(String(data)) as Record<string, unknown>;
      if (frame.type === "hello") token = this.hello(line, frame);
      else if (token !== null) this.receive(line, token, frame);
    });
    socket.on("close", () => {
      if (token !== null) this.threads.get(token)?.lines.delete(line);
    });
  }

  private hello(line: Line, frame: Record<string, unknown>): string {
    this.hellos.push(frame);
    const known = typeof frame.token === "string" && this.threads.has(frame.token);
    this.tokens += known ? 0 : 1;
    const token = known ? (frame.token as string) : `visitor-token-${this.tokens}`;
    const thread = this.thread(token);
    const { messages, status, assignee, rating, id } = thread;
    line.tell({
      type: "welcome",
      token,
      inbox: { ...inboxOf(frame.locale === "en" ? "en" : "zh"), ...this.options.inbox },
      contact: { name: null, verified: frame.identity !== undefined },
      conversation: messages.length
        ? { id, status, assignee, rated: rating !== null, last_seq: messages.length }
        : null,
    });
    for (const message of messages.slice(Number(frame.after) || 0)) line.say(thread.event(message));
    thread.lines.add(line);
    return token;
  }

  private receive(line: Line, token: string, frame: Record<string, unknown>): void {
    const thread = this.thread(token);
    if (frame.type === "ping") line.tell({ type: "pong" });
    else if (frame.type === "read") thread.reads.push(Number(frame.seq));
    else if (frame.type === "rate") this.rate(line, thread, frame);
    else if (frame.type === "send") this.store(line, thread, frame);
  }

  private store(line: Line, thread: MockThread, frame: Record<string, unknown>): void {
    const client_id = String(frame.client_id);
    const refusal = this.refusals.shift();
    if (refusal) {
      line.tell({ ...refusal, client_id });
      return;
    }
    if (this.random() < this.faults.slow) {
      line.say({ type: "slow_down", client_id, retry_after_ms: 5 });
      return;
    }
    const known = thread.sends.get(client_id);
    const message = known ?? this.append(thread, client_id, frame);
    line.say({ type: "ack", client_id, id: message.id, seq: message.seq });
    if (!known) this.options.onMessage?.(thread, message);
  }

  private append(thread: MockThread, client_id: string, frame: Record<string, unknown>): Message {
    if (thread.status === "resolved") thread.status = "bot";
    const ids = Array.isArray(frame.attachments) ? (frame.attachments as number[]) : [];
    const message = thread.append({
      client_id,
      sender: { kind: "contact", id: 1, name: null },
      text: String(frame.text),
      attachments: ids.map((id) => ({ ...this.describe(id), id })),
    });
    thread.sends.set(client_id, message);
    return message;
  }

  private rate(line: Line, thread: MockThread, frame: Record<string, unknown>): void {
    const comment = typeof frame.comment === "string" ? frame.comment : null;
    thread.rating = { score: Number(frame.score), comment };
    thread.activity("rated", "");
    line.tell({ type: "ack", client_id: frame.client_id, id: 0, seq: thread.messages.length });
  }

  private describe(id: number) {
    const { name = "", type = "", bytes = Buffer.alloc(0) } = this.files.get(id) ?? {};
    const state: AttachmentState = this.options.scans ? "scanning" : "clean";
    const [width, height] = type.startsWith("image/") ? [700, 420] : [null, null];
    return { name, content_type: type, size: bytes.length, state, width, height };
  }

  private async attachments(request: IncomingMessage, response: ServerResponse, path: string) {
    const token = String(request.headers.authorization).replace("Bearer ", "");
    if (!this.threads.has(token)) {
      response.writeHead(401).end();
      return;
    }
    const known = this.files.get(Number(path.split("/").at(-1)));
    if (request.method === "GET") {
      response.writeHead(known ? 200 : 404, { "content-type": known?.type ?? "text/plain" });
      response.end(known?.bytes);
      return;
    }
    const body = Buffer.concat(await request.toArray());
    const type = String(request.headers["content-type"]);
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    const file = form.get("file") as File;
    const id = this.files.size + 1;
    this.files.set(id, {
      name: file.name,
      type: file.type,
      bytes: Buffer.from(await file.arrayBuffer()),
    });
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ id, ...this.describe(id) }));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? "/", "http://mock").pathname;
    if (path === "/api/v1/visitor/logout") {
      this.threads.delete(String(request.headers.authorization).replace("Bearer ", ""));
      response.writeHead(204).end();
      return;
    }
    if (path.startsWith("/api/v1/visitor/attachments")) {
      void this.attachments(request, response, path);
      return;
    }
    const page = this.options.pages?.[path];
    if (page !== undefined) {
      response.writeHead(200, { "content-type": TYPES[".html"] }).end(page);
      return;
    }
    const file = this.find(path);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self' ws:; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types dompurify",
    });
    response.end(readFileSync(file));
  }

  private find(path: string): string | undefined {
    for (const [prefix, folder] of Object.entries(this.options.folders ?? {})) {
      if (!path.startsWith(prefix)) continue;
      const rest = normalize(path.slice(prefix.length)).replace(/^(\.\.[/\\])+/, "");
      const file = join(folder, rest === "." || rest === "" ? "index.html" : rest);
      if (statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
    }
    return;
  }
}

function inboxOf(locale: "zh" | "en"): VisitorInbox {
  return locale === "zh"
    ? {
        name: "青禾财富",
        greeting: "您好，我是小知，您的理财与购物助手。可以直接提问，也可以从下面选择。",
        locale,
        bot_name: "小知",
        online: true,
        quick_replies: [
          { title: "查询收益", value: "query_yield" },
          { title: "购买产品", value: "buy_product" },
          { title: "账户管理", value: "manage_account" },
          { title: "投诉建议", value: "complain" },
        ],
      }
    : {
        name: "Greenfield Wealth",
        greeting:
          "Hi, I'm Zhi, your savings and shopping assistant. Ask away, or pick one of these.",
        locale,
        bot_name: "Zhi",
        online: true,
        quick_replies: [
          { title: "Check my returns", value: "query_yield" },
          { title: "Buy a product", value: "buy_product" },
          { title: "Manage my account", value: "manage_account" },
          { title: "Make a complaint", value: "complain" },
        ],
      };
}
