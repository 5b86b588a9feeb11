import { renderMarkdown } from "@attune/shared/markdown";
import { neutralise } from "@attune/shared/text";
import { useLayoutEffect, useRef } from "react";

import type { Message } from "../../api/types";

/** What was said: Markdown from bots and agents, plain text from contacts. */
export function MessageText({ message }: { message: Pick<Message, "text" | "sender"> }) {
  if (message.sender.kind === "contact") {
    return <p className="break-words whitespace-pre-wrap">{neutralise(message.text)}</p>;
  }
  return <Markdown source={message.text} />;
}

/** Puts the sanitised nodes in place; no markup ever passes as a string. */
function Markdown({ source }: { source: string }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.replaceChildren(renderMarkdown(source));
  }, [source]);
  return <div ref={box} className="prose-message" />;
}
