/**
 * The visitor's live connection: each message of the conversation once, in order, and each send kept
 * until the server has confirmed it.
 *
 * It holds the position in the thread, not the thread itself. Nothing here draws or stores.
 */
import type { Environment } from "./environment.ts";
import {
  type Ack,
  type Locale,
  type Message,
  type Problem,
  parseVisitorFrame,
  type Sender,
  type VisitorConversation,
  type VisitorSend,
  type VisitorWelcome,
} from "./frames.ts";
import { Link, type LinkState } from "./link.ts";
import { Outbox } from "./outbox.ts";

const TYPING_EVERY_MS = 3_000;

/** Who says hello. */
export interface VisitorHello {
  inbox: string;
  token: string | null;
  identity: string | null;
  locale: Locale;
}

/** What a page learns from its connection. */
export interface VisitorListener {
  /** The state of the connection changed. */
  state(state: LinkState): void;
  /** The server knows us; `token` is to be kept. */
  welcome(welcome: VisitorWelcome): void;
  /** The next message of the thread; called once for each. */
  message(message: Message, conversation: VisitorConversation | null): void;
  /** A scanner found out about a file of a message that came before. */
  scanned(message: Message): void;
  /** A send is stored for good. */
  acked(ack: Ack): void;
  /** A send was refused (or, without `client_id`, something else went wrong). */
  problem(client_id: string | null, problem: Problem): void;
  /** Somebody is writing. */
  typing(sender: Sender): void;
  /** The thread that the page holds is not the server's: forget it, it comes again from the start. */
  reset(): void;
  /** The list of unconfirmed sends changed. */
  outbox(frames: readonly VisitorSend[]): void;
}

/** One visitor's connection to one inbox. */
export class VisitorLive {
  private readonly link: Link;
  private readonly box: Outbox<VisitorSend>;
  private conversation_id: number | null = null;
  private last_seq = 0;
  private after_sent = 0;
  private acked_seqs = new Set<number>();
  /** Where the messages are whose files are still being scanned, as far as we know. */
  private scanning_seqs = new Set<number>();
  private read_seq = 0;
  private typed_ms: number | null = null;

  constructor(
    url: string,
    private readonly environment: Environment,
    private readonly hello: () => VisitorHello,
    private readonly listener: VisitorListener,
    unconfirmed: readonly VisitorSend[] = [],
  ) {
    this.link = new Link(url, environment, {
      hello: () => this.helloFrame(),
      receive: (text) => this.receive(text),
      changed: (state) => {
        if (state.phase !== "online") this.box.pause();
        listener.state(state);
      },
    });
    this.box = new Outbox(environment, {
      transmit: (frame) => this.link.send(frame),
      stalled: () => this.link.resume(),
    });
    for (const frame of unconfirmed) this.box.add(frame);
  }

  /** Connects. */
  start(): void {
    this.link.start();
  }

  /** Disconnects. */
  stop(): void {
    this.link.stop();
  }

  /** Looks after the connection now: the page woke up, or somebody pressed "try again". */
  poke(): void {
    this.link.poke();
  }

  /** Says hello again from the start of the thread, because who speaks or the language has changed. */
  reintroduce(): void {
    this.forget();
    this.link.stop();
    this.link.start();
  }

  /** Sends, as soon as that is possible, until it is confirmed. */
  send(frame: VisitorSend): void {
    this.box.add(frame);
    this.listener.outbox(this.box.list());
  }

  /** Drops what is not confirmed. */
  discardUnconfirmed(): void {
    this.box.clear();
    this.listener.outbox(this.box.list());
  }

  /** Tells that the visitor is writing; at most every three seconds. */
  typing(): void {
    const now_ms = this.environment.now_ms();
    if (this.typed_ms !== null && now_ms - this.typed_ms < TYPING_EVERY_MS) return;
    if (this.link.send({ type: "typing" })) this.typed_ms = now_ms;
  }

  /** Tells how far the visitor has read. */
  read(seq: number): void {
    if (seq <= this.read_seq) return;
    if (this.link.send({ type: "read", seq })) this.read_seq = seq;
  }

  private helloFrame(): object {
    const { inbox, token, identity, locale } = this.hello();
    this.after_sent = this.resumeAfter();
    return {
      type: "hello",
      inbox,
      after: this.after_sent,
      locale,
      ...(token === null ? {} : { token }),
      ...(identity === null ? {} : { identity }),
    };
  }

  private receive(text: string): void {
    const frame = parseVisitorFrame(text);
    switch (frame?.type) {
      case "welcome":
        this.welcomed(frame);
        break;
      case "message.created":
        this.arrived(frame.message, frame.conversation);
        break;
      case "message.scanned":
        this.scanned(frame.message);
        break;
      case "ack":
        if (frame.seq !== null) this.acked_seqs.add(frame.seq);
        this.listener.acked(frame);
        this.settle(frame.client_id);
        break;
      case "problem":
        this.listener.problem(frame.client_id, frame.problem);
        if (frame.client_id !== null) this.settle(frame.client_id);
        break;
      case "slow_down":
        this.box.slowDown(frame.client_id, frame.retry_after_ms);
        break;
      case "typing":
        this.listener.typing(frame.sender);
        break;
      case "resync_required":
        this.startOver();
        break;
      default:
        break;
    }
  }

  private welcomed(frame: VisitorWelcome): void {
    const { conversation } = frame;
    const known = this.conversation_id;
    const sameThread =
      known === null || (conversation?.id === known && conversation.last_seq >= this.last_seq);
    if (!sameThread) {
      this.forget();
      this.listener.reset();
    }
    this.listener.welcome(frame);
    if (!sameThread && this.after_sent > 0) {
      this.link.restart();
      return;
    }
    this.conversation_id = conversation?.id ?? null;
    this.link.established();
    this.box.resume();
  }

  private arrived(message: Message, conversation: VisitorConversation | null): void {
    const { seq } = message;
    if (seq === null) return;
    if (message.conversation_id !== this.conversation_id) {
      if (seq !== 1 && this.conversation_id !== null) {
        this.startOver();
        return;
      }
      this.conversation_id = message.conversation_id;
      this.last_seq = 0;
      this.acked_seqs.clear();
      this.scanning_seqs.clear();
      this.read_seq = 0;
    }
    if (seq <= this.last_seq) {
      if (this.scanning_seqs.has(seq)) this.scanned(message);
      return;
    }
    if (!this.follows(seq)) {
      this.link.resume();
      return;
    }
    this.last_seq = seq;
    this.noteScan(message);
    this.listener.message(message, conversation);
    if (message.client_id !== null) this.settle(message.client_id);
  }

  /** News of a message that is known; one that is not known yet comes with its own news. */
  private scanned(message: Message): void {
    const { seq, conversation_id } = message;
    if (seq === null || seq > this.last_seq || conversation_id !== this.conversation_id) return;
    this.noteScan(message);
    this.listener.scanned(message);
  }

  private noteScan({ seq, attachments }: Message): void {
    if (seq === null) return;
    if (attachments.some(({ state }) => state === "scanning")) this.scanning_seqs.add(seq);
    else this.scanning_seqs.delete(seq);
  }

  /** What comes again when we come back: what is new, and what may have been scanned meanwhile. */
  private resumeAfter(): number {
    return Math.min(this.last_seq, ...[...this.scanning_seqs].map((seq) => seq - 1));
  }

  /** A gap is one that our own confirmed sends do not fill. */
  private follows(seq: number): boolean {
    for (let missing = this.last_seq + 1; missing < seq; missing += 1) {
      if (!this.acked_seqs.has(missing)) return false;
    }
    return true;
  }

  private settle(client_id: string): void {
    if (this.box.settle(client_id)) this.listener.outbox(this.box.list());
  }

  private startOver(): void {
    this.forget();
    this.listener.reset();
    this.link.resume();
  }

  private forget(): void {
    this.conversation_id = null;
    this.last_seq = 0;
    this.acked_seqs.clear();
    this.scanning_seqs.clear();
    this.read_seq = 0;
  }
}
