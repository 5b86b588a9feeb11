/**
 * What each event of the account's log means for the query cache.
 *
 * An event patches what it carries whole and invalidates what it only names.
 * Doubled, late and lost events leave the cache as the server has it: a
 * conversation never goes back a revision, a message is known by its id, a
 * gap in a thread fetches the thread again.
 */
import { notifyManager, type QueryClient, type QueryKey } from "@tanstack/react-query";

import type { Conversation, Message } from "../api/types";
import { conversationKeys } from "../features/conversations/keys";
import { putConversation } from "../features/conversations/patch";
import { messageKeys } from "../features/messages/keys";
import { blank, leavesGap, putMessage, type ThreadPages } from "../features/messages/patch";
import { hideTyping } from "../features/messages/typing";
import { patchRelease, type ReleaseNews } from "../features/releases/patch";
import type { DeskEvent } from "./event";
import { Replay } from "./replay";
import { Revisions } from "./revisions";
import { Soon } from "./soon";

/** What is fetched again when its noun changes. */
const NAMED: Record<string, QueryKey[]> = {
  "contact.updated": [["contacts"]],
  "agent.updated": [["agents"], ["auth", "me"]],
  "team.updated": [["teams"]],
  "inbox.updated": [["inboxes"]],
  "tag.updated": [["tags"]],
  "canned_response.updated": [["canned-responses"]],
  "webhook.updated": [["webhooks"]],
  "account.updated": [["account"], ["auth", "me"]],
  "release.updated": [["releases"]],
  "release.published": [["releases"], ["trial"]],
  "example.updated": [["intents"], ["examples"]],
  "review.decided": [["reviews"]],
  "trial.updated": [["trial"]],
  "discovery.updated": [["discovery"]],
};

/** Keeps the query cache of one signed-in agent up with the event log. */
export class LiveCache {
  private readonly soon: Soon;
  private readonly revisions = new Revisions();
  private readonly replay: Replay;

  constructor(
    private readonly cache: QueryClient,
    /** The signed-in agent. */
    private readonly me: number,
  ) {
    this.soon = new Soon(cache);
    this.replay = new Replay(cache, (event) => this.show(event));
  }

  /** Shows what happened. */
  apply(event: DeskEvent): void {
    this.replay.keep(event);
    for (const key of NAMED[event.type] ?? []) this.soon.invalidate(key);
    // A training tells of each step; what it measured has to be asked for.
    if (event.type === "release.updated") patchRelease(this.cache, event.data as ReleaseNews);
    if (event.data.conversation) this.soon.invalidate(conversationKeys.counts);
    this.show(event);
  }

  /** Fetches again whatever is on the screen: events were missed. */
  refetch(): void {
    for (const queryKey of [conversationKeys.all, messageKeys.all, ...Object.values(NAMED).flat()])
      this.cache.invalidateQueries({ queryKey });
  }

  /** Ends what is under way. */
  stop(): void {
    this.soon.stop();
    this.replay.stop();
  }

  private show(event: DeskEvent): void {
    notifyManager.batch(() => {
      const { conversation, message } = event.data;
      if (conversation) this.conversation(conversation);
      if (message) this.message(message);
    });
  }

  private conversation(conversation: Conversation): void {
    if (this.revisions.isNews(conversation.id, conversation.revision))
      putConversation(this.cache, conversation, this.me);
    // News tells the score; what the contact wrote with it has to be asked for.
    if (conversation.rating) this.soon.invalidate(conversationKeys.detail(conversation.id));
  }

  private message(message: Message): void {
    if (message.sender.kind === "contact") hideTyping(this.cache, message.conversation_id);
    const queryKey = messageKeys.thread(message.conversation_id);
    const thread = this.cache.getQueryData<ThreadPages>(queryKey);
    if (!thread) return;
    const missing = leavesGap(thread, message);
    const target = message.target_seq;
    const next = putMessage(thread, message);
    this.cache.setQueryData(queryKey, target == null ? next : blank(next, (m) => m.seq === target));
    if (missing) this.soon.invalidate(queryKey);
  }
}
