/** Keeps the newest message in sight, unless the visitor has scrolled up to read. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR_PX = 80;

/** The scrolling place and how far it is from its end. */
export interface StickyScroll {
  place: RefObject<HTMLDivElement | null>;
  content: RefObject<HTMLDivElement | null>;
  away: boolean;
  /** How many messages arrived while away. */
  missed: number;
  jump(): void;
}

/** Follows the end while `messages` and `pending` grow; one's own words always bring it into sight. */
export function useStickyScroll(messages: number, pending: number): StickyScroll {
  const place = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const seen = useRef(messages);
  const [away, setAway] = useState(false);

  const toEnd = () => {
    const box = place.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  useLayoutEffect(() => {
    if (pending > 0) near.current = true;
    if (near.current) {
      toEnd();
      seen.current = messages;
    }
  }, [messages, pending]);

  useEffect(() => {
    const box = place.current;
    if (!box) return;
    const onScroll = () => {
      near.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      setAway(!near.current);
    };
    box.addEventListener("scroll", onScroll, { passive: true });
    const observer = new ResizeObserver(() => near.current && toEnd());
    observer.observe(box);
    if (content.current) observer.observe(content.current);
    return () => {
      box.removeEventListener("scroll", onScroll);
      observer.disconnect();
    };
  }, []);

  return {
    place,
    content,
    away,
    missed: Math.max(0, messages - seen.current),
    jump() {
      near.current = true;
      seen.current = messages;
      setAway(false);
      toEnd();
    },
  };
}
