import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import type { Me } from "../../api/types";
import { may } from "../../features/auth/permissions";
import { useConversationActions } from "../../features/conversations/actions";
import type { Filters } from "../../features/conversations/filters";
import { conversationKeys } from "../../features/conversations/keys";
import type { ConversationPages } from "../../features/conversations/queries";
import { useHotkeys } from "../../lib/hotkeys";

/** The keys of the desk: j and k walk the list, a takes, e resolves. */
export function useDeskKeys(filters: Filters, selected: number | undefined, me: Me): void {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const actions = useConversationActions(selected ?? 0, me.agent.id);
  const mayAct = selected !== undefined && may(me, "write_conversations");

  const walk = (step: number) => {
    const data = cache.getQueryData<ConversationPages>(conversationKeys.list(filters));
    const ids = data?.pages.flatMap((page) => page.items.map((item) => item.id)) ?? [];
    const at = selected === undefined ? -1 : ids.indexOf(selected);
    const id = at === -1 ? ids[0] : ids[at + step];
    if (id === undefined) return;
    navigate({ to: "/conversations/$id", params: { id }, search: filters });
    document.querySelector(`[data-conversation="${id}"]`)?.scrollIntoView({ block: "nearest" });
  };
  useHotkeys({
    j: () => walk(1),
    k: () => walk(-1),
    ...(mayAct && {
      a: () => actions.assign.mutate(me.agent.id),
      e: () => actions.resolve.mutate(),
    }),
  });
}
