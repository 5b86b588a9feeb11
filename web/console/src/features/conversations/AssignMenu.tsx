import { UserRound, UserRoundX } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { Menu } from "../../components/Menu";
import { MenuHeading } from "../../components/MenuHeading";
import { MenuItem } from "../../components/MenuItem";
import type { ConversationActions } from "./actions";

/** An agent to choose. */
export type Colleague = { id: number; name: string };

type Props = {
  conversation: Conversation;
  me: number;
  agents: Colleague[];
  assign: ConversationActions["assign"];
  trigger: React.ReactNode;
};

/** Chooses who has the conversation. */
export function AssignMenu({ conversation, me, agents, assign, trigger }: Props) {
  const { t } = useTranslation();
  const assignee = conversation.assignee?.id;
  return (
    <Menu trigger={trigger}>
      <MenuHeading>{t("conversation.assignTo")}</MenuHeading>
      <MenuItem
        icon={<UserRound />}
        detail="a"
        checked={assignee === me}
        onSelect={() => assign.mutate(me)}
      >
        {t("conversation.me")}
      </MenuItem>
      <MenuItem
        icon={<UserRoundX />}
        checked={assignee === undefined}
        onSelect={() => assign.mutate(null)}
      >
        {t("conversation.nobody")}
      </MenuItem>
      {agents
        .filter((agent) => agent.id !== me)
        .map((agent) => (
          <MenuItem
            key={agent.id}
            icon={<Avatar name={agent.name} id={agent.id} size="sm" />}
            checked={assignee === agent.id}
            onSelect={() => assign.mutate(agent.id)}
          >
            {agent.name}
          </MenuItem>
        ))}
    </Menu>
  );
}
