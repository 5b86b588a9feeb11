import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import type { Webhook } from "../../api/types";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { RemoveButton } from "../../components/RemoveButton";
import { Row } from "../../components/Row";
import { SecretDialog } from "../../components/SecretDialog";
import { toast } from "../../components/toasts";
import { useRemoveWebhook, useRotateWebhookSecret, useUpdateWebhook } from "./queries";

type Props = { webhook: Webhook; log: ReactNode };

/** A webhook: where it goes, what it is told, what can be done with it. */
export function WebhookRow({ webhook, log }: Props) {
  const { t } = useTranslation();
  const update = useUpdateWebhook();
  const rotate = useRotateWebhookSecret();
  const remove = useRemoveWebhook();
  const onError = (error: Error) => toast(explain(error, t), "danger");
  return (
    <Row
      title={
        <>
          <span className="font-mono text-[0.8125rem] break-all">{webhook.url}</span>
          {!webhook.enabled && <Badge tone="warn">{t("webhooks.off")}</Badge>}
        </>
      }
      about={webhook.events.length > 0 ? webhook.events.join(" · ") : t("webhooks.everything")}
    >
      {log}
      <Button
        size="sm"
        variant="ghost"
        busy={update.isPending}
        onClick={() => update.mutate({ id: webhook.id, enabled: !webhook.enabled }, { onError })}
      >
        {t(webhook.enabled ? "webhooks.turnOff" : "webhooks.turnOn")}
      </Button>
      <IconButton
        label={t("webhooks.rotate")}
        disabled={rotate.isPending}
        onClick={() => rotate.mutate(webhook.id, { onError })}
      >
        <KeyRound aria-hidden />
      </IconButton>
      <RemoveButton
        label={t("common.remove")}
        title={t("webhooks.removeTitle")}
        description={t("webhooks.removeText", { url: webhook.url })}
        remove={remove}
        id={webhook.id}
      />
      <SecretDialog
        title={t("webhooks.secretTitle")}
        secret={rotate.data?.secret}
        onClose={rotate.reset}
      />
    </Row>
  );
}
