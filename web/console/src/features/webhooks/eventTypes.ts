/** The events that a webhook can ask for, as the event log names them. */
export const EVENT_TYPES = [
  "conversation.opened",
  "conversation.handed_off",
  "conversation.assigned",
  "conversation.resolved",
  "conversation.reopened",
  "conversation.snoozed",
  "conversation.prioritised",
  "conversation.tagged",
  "conversation.rated",
  "message.created",
  "message.retracted",
  "message.scanned",
  "note.created",
  "contact.updated",
  "agent.updated",
  "inbox.updated",
] as const;
