import { ArrowRightLeft, Bot, Check, RotateCcw, UserRoundPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Conversation } from "../../api/types";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { Menu } from "../../components/Menu";
import { MenuItem } from "../../components/MenuItem";
import { AssignMenu, type Colleague } from "./AssignMenu";
import type { ConversationActions } from "./actions";
import { SnoozeDialog } from "./SnoozeDialog";
import { SnoozeMenu } from "./SnoozeMenu";
import { TransferDialog } from "./TransferDialog";

type Props = {
  conversation: Conversation;
  me: number;
  agents: Colleague[];
  teams: { id: number; name: string }[];
  actions: ConversationActions;
};

/** What can be done with a conversation in its present state. */
export function ConversationToolbar({ conversation, me, agents, teams, actions }: Props) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<"transfer" | "snooze" | null>(null);
  const others = agents.filter((agent) => agent.id !== conversation.assignee?.id);
  const close = () => setDialog(null);

  if (conversation.status === "resolved") {
    return (
      <Menu
        trigger={
          <Button size="sm" busy={actions.reopen.isPending}>
            <RotateCcw aria-hidden />
            {t("conversation.reopen")}
          </Button>
        }
      >
        <MenuItem icon={<RotateCcw />} onSelect={() => actions.reopen.mutate("me")}>
          {t("conversation.reopenToMe")}
        </MenuItem>
        <MenuItem icon={<Bot />} onSelect={() => actions.reopen.mutate("bot")}>
          {t("conversation.reopenToBot")}
        </MenuItem>
      </Menu>
    );
  }
  return (
    <div className="flex items-center gap-0.5">
      <AssignMenu
        conversation={conversation}
        me={me}
        agents={agents}
        assign={actions.assign}
        trigger={
          <IconButton label={t("conversation.assign")}>
            <UserRoundPlus aria-hidden />
          </IconButton>
        }
      />
      <IconButton label={t("transfer.transfer")} onClick={() => setDialog("transfer")}>
        <ArrowRightLeft aria-hidden />
      </IconButton>
      <SnoozeMenu
        onSnooze={(until) => actions.snooze.mutate(until)}
        onPickDate={() => setDialog("snooze")}
      />
      {conversation.status !== "bot" && (
        <IconButton
          label={t("conversation.toBot")}
          className="max-sm:hidden"
          onClick={() => actions.reopen.mutate("bot")}
        >
          <Bot aria-hidden />
        </IconButton>
      )}
      <Button
        size="sm"
        className="ml-1.5"
        aria-keyshortcuts="e"
        busy={actions.resolve.isPending}
        onClick={() => actions.resolve.mutate()}
      >
        <Check aria-hidden />
        <span className="max-sm:sr-only">{t("conversation.resolve")}</span>
      </Button>
      <TransferDialog
        open={dialog === "transfer"}
        onClose={close}
        agents={others}
        teams={teams}
        transfer={actions.transfer}
      />
      <SnoozeDialog open={dialog === "snooze"} onClose={close} snooze={actions.snooze} />
    </div>
  );
}
