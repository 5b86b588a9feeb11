import { AgentLive, browserEnvironment, liveUrl } from "@attune/shared/live";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";

import { showTyping } from "../features/messages/typing";
import { callsFor, soundOn } from "./attention";
import { type LiveActions, setConnection } from "./connection";
import type { DeskEvent } from "./event";
import { LiveCache } from "./live";
import { ring } from "./sound";

/** Keeps the console live while it is shown. `selected` is the conversation that the agent looks at. */
export function useLive(me: number, selected: number | undefined): LiveActions {
  const cache = useQueryClient();
  const live = useRef<AgentLive>(null);
  const watched = useRef(selected);
  useEffect(() => {
    watched.current = selected;
  }, [selected]);

  useEffect(() => {
    const patches = new LiveCache(cache, me);
    const isWatched = (event: DeskEvent) =>
      document.visibilityState === "visible" && event.data.conversation?.id === watched.current;
    const agent = new AgentLive(
      liveUrl(window.location.origin, "/api/v1/live"),
      browserEnvironment(),
      {
        state(state) {
          setConnection(state);
          // Whoever is refused learns from the next answer that they are signed out.
          if (state.phase === "refused") cache.invalidateQueries({ queryKey: ["auth", "me"] });
        },
        // What happened between the first answers and the first welcome came by neither way.
        welcome: (_, resumed) => resumed || patches.refetch(),
        event(event) {
          const news = event as unknown as DeskEvent;
          patches.apply(news);
          if (soundOn.get() && callsFor(news, me) && !isWatched(news)) ring();
        },
        typing: (conversation, sender) => {
          if (sender.kind === "contact") showTyping(cache, conversation);
        },
        problem: () => undefined,
        resync: () => patches.refetch(),
      },
    );
    live.current = agent;
    agent.start();
    return () => {
      agent.stop();
      patches.stop();
    };
  }, [cache, me]);

  return useMemo(
    () => ({
      typing: (conversation) => live.current?.typing(conversation),
      retry: () => live.current?.poke(),
    }),
    [],
  );
}
