/**
 * One visitor in one inbox: joins the live connection, what the device keeps, and the thread.
 *
 * The screen reads `state` and calls the methods; it never touches the connection or the storage.
 */
import type { FromWidget } from "@attune/shared/bridge";
import {
  type Attachment,
  type LinkState,
  type Locale,
  type Message,
  type Problem,
  type Sender,
  type VisitorConversation,
  VisitorLive,
  type VisitorSend,
  type VisitorWelcome,
} from "@attune/shared/live";

import type { WidgetEnvironment } from "../../environment.ts";
import {
  after,
  EMPTY,
  type Happening,
  lastSeq,
  type Thread,
  unreadCount,
} from "../thread/thread.ts";
import { subjectOf } from "./identity.ts";
import type { InboxStorage, Kept } from "./storage.ts";

const TYPING_SHOWN_MS = 6_000;
const DISCONNECTED_HIDDEN_MS = 1_200;

/** What the screen shows. */
export interface SessionState {
  thread: Thread;
  link: LinkState;
  /** The server has welcomed us at least once. */
  known: boolean;
  /** The connection has been missing long enough to say so. */
  interrupted: boolean;
  locale: Locale;
  unread: number;
  /** The score that was given in this visit. */
  score: number | null;
}

/** What a session is made of. */
export interface SessionParts {
  inbox: string;
  locale: Locale;
  liveUrl: string;
  environment: WidgetEnvironment;
  storage: InboxStorage;
  /** Tells the embedding page. */
  announce: (message: FromWidget) => void;
  /** Ends the token on the server. */
  endToken: (token: string) => Promise<unknown>;
}

/** One visitor's session. */
export class Session {
  state: SessionState;
  private readonly live: VisitorLive;
  private readonly watchers = new Set<() => void>();
  private frames: readonly VisitorSend[] = [];
  private identity: string | null = null;
  private sentToken: string | null = null;
  private subject: string | null = null;
  private visible = false;
  private typingTimer: unknown = null;
  private interruptedTimer: unknown = null;

  constructor(private readonly parts: SessionParts) {
    const { storage, environment, liveUrl } = parts;
    const { pending, frames } = storage.loadUnsent();
    this.frames = frames;
    this.state = {
      thread: { ...EMPTY, pending },
      link: { phase: "idle" },
      known: false,
      interrupted: false,
      locale: storage.load().locale ?? parts.locale,
      unread: 0,
      score: null,
    };
    this.live = new VisitorLive(
      liveUrl,
      environment,
      () => this.hello(),
      {
        state: (link) => this.linkChanged(link),
        welcome: (welcome) => this.welcomed(welcome),
        message: (message, conversation) => this.arrived(message, conversation),
        scanned: (message) => this.happen({ type: "scanned", message }),
        acked: (ack) => this.happen({ type: "acked", ack }),
        problem: (client_id, problem) => this.refused(client_id, problem),
        typing: (sender) => this.typingSeen(sender),
        reset: () => this.happen({ type: "reset" }),
        outbox: (list) => this.unconfirmed(list),
      },
      frames,
    );
    storage.watch((kept) => {
      if (kept.token !== this.token()) this.becomeAnother(kept);
      else this.countUnread();
    });
  }

  /** Connects. */
  start(): void {
    this.live.start();
  }

  /** Disconnects. */
  stop(): void {
    this.live.stop();
  }

  /** Calls `changed` after each change of `state`; returns the way to stop. */
  subscribe(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }

  /** The token that speaks for this visitor, once there is one. */
  token(): string | null {
    return this.sentToken;
  }

  /** Says something. */
  say(text: string, attachments: Attachment[] = [], quick_reply: string | null = null): void {
    const { environment } = this.parts;
    const pending = {
      client_id: environment.newClientId(),
      text,
      attachments,
      quick_reply,
      created_at: environment.now().toISOString(),
      failed: null,
    };
    this.happen({ type: "said", pending });
    this.live.send(sendFrame(pending));
  }

  /** Sends again what was refused; the server knows it by the same name. */
  retry(client_id: string): void {
    const pending = this.state.thread.pending.find((one) => one.client_id === client_id);
    if (!pending) return;
    this.happen({ type: "retried", client_id });
    this.live.send(sendFrame(pending));
  }

  /** Gives up what was refused. */
  discard(client_id: string): void {
    this.happen({ type: "discarded", client_id });
    this.keepUnsent();
  }

  /** Rates the conversation. */
  rate(score: number, comment: string): void {
    const client_id = this.parts.environment.newClientId();
    this.live.send({ type: "rate", client_id, score, ...(comment ? { comment } : {}) });
    this.happen({ type: "rated" }, { score });
  }

  /** The visitor is writing. */
  typing(): void {
    this.live.typing();
  }

  /** Somebody looks at the chat, or no longer does. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    if (visible) this.live.poke();
    this.countUnread();
  }

  /** Tries to connect now. */
  reconnect(): void {
    this.live.poke();
  }

  /** Speaks another language from now on. */
  setLocale(locale: Locale): void {
    if (locale === this.state.locale) return;
    const { storage } = this.parts;
    storage.save({ ...storage.load(), locale });
    this.change({ locale });
    this.live.reintroduce();
  }

  /** Takes the proof of who is signed in; what another user left on this device goes first. */
  identify(jwt: string): void {
    const { storage } = this.parts;
    const before = storage.load().subject;
    if (before !== null && before !== subjectOf(jwt)) this.forget();
    this.identity = jwt;
    this.happen({ type: "reset" });
    this.live.reintroduce();
  }

  /** Ends the token and forgets everything about the visitor. */
  logout(): void {
    const { token } = this.parts.storage.load();
    if (token !== null) this.parts.endToken(token).catch(() => undefined);
    this.forget();
    this.parts.announce({ type: "started", started: false });
    this.live.reintroduce();
  }

  private hello() {
    const { inbox, storage } = this.parts;
    const { token, subject } = storage.load();
    this.sentToken = token;
    this.subject = subject;
    return { inbox, token, identity: this.identity, locale: this.state.locale };
  }

  private welcomed(welcome: VisitorWelcome): void {
    const { storage } = this.parts;
    const kept = storage.load();
    if (this.sentToken === null && kept.token !== null && this.identity === null) {
      // Another tab was first: both speak with its token from now on.
      this.live.reintroduce();
      return;
    }
    const verified = this.identity !== null && welcome.contact.verified;
    const subject = verified && this.identity !== null ? subjectOf(this.identity) : kept.subject;
    if (verified) this.identity = null;
    this.sentToken = welcome.token;
    this.subject = subject;
    storage.save({ ...kept, token: welcome.token, subject });
    this.happen({ type: "welcomed", welcome }, { known: true });
    if (welcome.conversation) this.parts.announce({ type: "started", started: true });
  }

  private arrived(message: Message, conversation: VisitorConversation | null): void {
    if (message.sender.kind !== "contact") this.clear("typingTimer");
    this.happen({ type: "arrived", message, conversation });
    if (message.seq === 1) this.parts.announce({ type: "started", started: true });
  }

  private refused(client_id: string | null, problem: Problem): void {
    if (client_id === null) return;
    const reason = problem.detail ?? problem.title;
    this.happen({ type: "refused", client_id, reason });
  }

  private typingSeen(sender: Sender): void {
    this.happen({ type: "typing", sender });
    this.clear("typingTimer");
    this.typingTimer = this.parts.environment.setTimer(() => {
      this.typingTimer = null;
      this.happen({ type: "typing", sender: null });
    }, TYPING_SHOWN_MS);
  }

  private linkChanged(link: LinkState): void {
    if (link.phase === "online") {
      this.clear("interruptedTimer");
      this.change({ link, interrupted: false });
      this.countUnread();
      return;
    }
    this.change({ link });
    if (link.phase === "refused") this.parts.announce({ type: "refused" });
    const sure = link.phase === "offline" || link.phase === "refused";
    if (sure) this.change({ interrupted: true });
    else if (this.interruptedTimer === null && link.phase !== "idle") {
      this.interruptedTimer = this.parts.environment.setTimer(() => {
        this.interruptedTimer = null;
        this.change({ interrupted: true });
      }, DISCONNECTED_HIDDEN_MS);
    }
  }

  /** Another tab has changed the token: by signing in (what waits here is still ours), or away. */
  private becomeAnother({ token, subject }: Kept): void {
    const same = token !== null && (this.subject === null || this.subject === subject);
    if (same) this.happen({ type: "reset" });
    else {
      this.happen({ type: "wiped" }, { score: null });
      this.live.discardUnconfirmed();
    }
    this.live.reintroduce();
  }

  private forget(): void {
    this.identity = null;
    this.sentToken = null;
    this.subject = null;
    this.happen({ type: "wiped" }, { score: null });
    this.live.discardUnconfirmed();
    this.parts.storage.wipe();
    this.countUnread();
  }

  private unconfirmed(frames: readonly VisitorSend[]): void {
    this.frames = [...frames];
    this.keepUnsent();
  }

  private keepUnsent(): void {
    const { pending } = this.state.thread;
    this.parts.storage.saveUnsent({ pending: [...pending], frames: [...this.frames] });
  }

  private happen(happening: Happening, more: Partial<SessionState> = {}): void {
    const thread = after(this.state.thread, happening);
    this.change({ thread, ...more });
    if (happening.type === "arrived" || happening.type === "welcomed") this.countUnread();
    if (happening.type === "refused" || happening.type === "acked") this.keepUnsent();
  }

  private countUnread(): void {
    const { thread } = this.state;
    const { conversation } = thread;
    const { storage, announce } = this.parts;
    const kept = storage.load();
    const sameThread = kept.read !== null && kept.read.conversation_id === conversation?.id;
    let seq = sameThread && kept.read ? kept.read.seq : 0;
    const last = lastSeq(thread);
    if (this.visible && conversation && last > seq) {
      seq = last;
      storage.save({ ...kept, read: { conversation_id: conversation.id, seq } });
    }
    if (this.visible && seq > 0) this.live.read(seq);
    const unread = unreadCount(thread, seq);
    if (unread !== this.state.unread) {
      this.change({ unread });
      announce({ type: "unread", count: unread });
    }
  }

  private clear(timer: "typingTimer" | "interruptedTimer"): void {
    if (this[timer] !== null) this.parts.environment.clearTimer(this[timer]);
    this[timer] = null;
  }

  private change(part: Partial<SessionState>): void {
    this.state = { ...this.state, ...part };
    for (const changed of this.watchers) changed();
  }
}

function sendFrame(pending: {
  client_id: string;
  text: string;
  quick_reply: string | null;
  attachments: Attachment[];
}): VisitorSend {
  const { client_id, text, quick_reply, attachments } = pending;
  return {
    type: "send",
    client_id,
    text,
    ...(quick_reply === null ? {} : { quick_reply }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ id }) => id) }),
  };
}
