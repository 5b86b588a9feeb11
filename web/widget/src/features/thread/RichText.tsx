/** Draws what a bot or an agent wrote: Markdown, made harmless. */
import { renderMarkdown } from "@attune/shared/markdown";
import { useLayoutEffect, useRef } from "preact/hooks";

/** One text. */
export function RichText({ source }: { source: string }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(renderMarkdown(source)), [source]);
  return <div class="rich" ref={place} />;
}
