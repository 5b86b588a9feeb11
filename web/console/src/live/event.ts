/** What happens at the desk, as the console hears of it. */
import type { LogEvent } from "@attune/shared/live";

import type { Conversation, Message } from "../api/types";

/** What an event may carry. */
export type EventData = { conversation?: Conversation; message?: Message };

/** An event as the console reads it. */
export type DeskEvent = LogEvent<EventData>;
