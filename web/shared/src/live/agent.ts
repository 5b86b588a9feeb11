/**
 * The agent's live connection: every event of the account's log after a cursor, in order, once.
 *
 * Agents write over REST; this connection only listens and says who is typing. It holds the cursor
 * and nothing else: what an event means for the screen is the listener's business.
 */
import type { Environment } from "./environment.ts";
import { type LogEvent, type Problem, parseAgentFrame, type Sender } from "./frames.ts";
import { Link, type LinkState } from "./link.ts";

const TYPING_EVERY_MS = 3_000;

/** What the console learns from its connection. */
export interface AgentListener {
  /** The state of the connection changed. */
  state(state: LinkState): void;
  /** The server knows us. `resumed` tells whether the events since the last cursor follow. */
  welcome(agent: Record<string, unknown>, resumed: boolean): void;
  /** The next event; called once for each. */
  event(event: LogEvent): void;
  /** Somebody is writing in a conversation. */
  typing(conversation_id: number, sender: Sender): void;
  /** Something went wrong. */
  problem(problem: Problem): void;
  /** Too much was missed: fetch again what the screen shows. */
  resync(): void;
}

/** One agent's connection. */
export class AgentLive {
  private readonly link: Link;
  private cursor: number | null = null;
  private typed = new Map<number, number>();

  /** `token` is a personal API token; without it the session cookie speaks for the agent. */
  constructor(
    url: string,
    private readonly environment: Environment,
    private readonly listener: AgentListener,
    private readonly token: string | null = null,
  ) {
    this.link = new Link(url, environment, {
      hello: () => this.helloFrame(),
      receive: (text) => this.receive(text),
      changed: (state) => listener.state(state),
    });
  }

  /** Connects; `after` is the cursor up to which the screen is complete. */
  start(after: number | null = null): void {
    this.cursor = after ?? this.cursor;
    this.link.start();
  }

  /** Disconnects; the cursor is kept. */
  stop(): void {
    this.link.stop();
  }

  /** Looks after the connection now: the page woke up, or somebody pressed "try again". */
  poke(): void {
    this.link.poke();
  }

  /** Tells that the agent is writing; at most every three seconds for each conversation. */
  typing(conversation_id: number): void {
    const now_ms = this.environment.now_ms();
    const before_ms = this.typed.get(conversation_id);
    if (before_ms !== undefined && now_ms - before_ms < TYPING_EVERY_MS) return;
    if (this.link.send({ type: "typing", conversation_id })) {
      this.typed.clear();
      this.typed.set(conversation_id, now_ms);
    }
  }

  private helloFrame(): object {
    return {
      type: "hello",
      ...(this.cursor === null ? {} : { after: this.cursor }),
      ...(this.token === null ? {} : { token: this.token }),
    };
  }

  private receive(text: string): void {
    const frame = parseAgentFrame(text);
    switch (frame?.type) {
      case "welcome": {
        const resumed = this.cursor !== null;
        this.cursor ??= frame.cursor;
        this.link.established();
        this.listener.welcome(frame.agent, resumed);
        break;
      }
      case "event": {
        const { cursor } = frame.event.data;
        if (this.cursor !== null && cursor <= this.cursor) return;
        this.cursor = cursor;
        this.listener.event(frame.event);
        break;
      }
      case "typing":
        this.listener.typing(frame.conversation_id, frame.sender);
        break;
      case "problem":
        this.listener.problem(frame.problem);
        break;
      case "resync_required":
        this.cursor = null;
        this.listener.resync();
        this.link.resume();
        break;
      default:
        break;
    }
  }
}
