import { memo } from "react";

import type { Message } from "../../api/types";
import { ActivityLine } from "./ActivityLine";
import { MessageBubble } from "./MessageBubble";
import { NoteBubble } from "./NoteBubble";

type Props = {
  message: Message;
  contactName: string;
  follows: boolean;
  onRetract: (() => void) | undefined;
  onReport: (() => void) | undefined;
};

/** One entry of a thread, by its kind. */
export const ThreadItem = memo(
  function ThreadItem({ message, contactName, follows, onRetract, onReport }: Props) {
    if (message.kind === "note") return <NoteBubble message={message} />;
    if (message.kind === "activity") return <ActivityLine message={message} />;
    return (
      <MessageBubble
        message={message}
        contactName={contactName}
        follows={follows}
        onRetract={message.retracted ? undefined : onRetract}
        onReport={message.retracted ? undefined : onReport}
      />
    );
  },
  // The ways to retract and to report are made anew with every render and mean the same for the same message.
  (a, b) =>
    a.message === b.message &&
    a.contactName === b.contactName &&
    a.follows === b.follows &&
    !a.onRetract === !b.onRetract &&
    !a.onReport === !b.onReport,
);
