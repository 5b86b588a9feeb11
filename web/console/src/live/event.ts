/** What happens at the desk, as the console hears of it. */
import type { LogEvent } from "@attune/shared/live";

import type { Conversation, Message, Release } from "../api/types";

/** What an event may carry: a whole thing, or of a release how far it is. */
export type EventData = Partial<Pick<Release, "id" | "state" | "step" | "progress">> & {
  conversation?: Conversation;
  message?: Message;
};

/** An event as the console reads it. */
export type DeskEvent = LogEvent<EventData>;
