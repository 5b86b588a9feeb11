import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { SecretDialog } from "../../components/SecretDialog";
import { TitledPage } from "../../components/TitledPage";
import { WebhookDialog } from "../../features/webhooks/WebhookDialog";
import { WebhookList } from "../../features/webhooks/WebhookList";

/** The addresses that are told of events. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <TitledPage
      title={t("settings.webhooks")}
      about={t("webhooks.about")}
      action={
        <Button variant="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          {t("webhooks.add")}
        </Button>
      }
    >
      <WebhookList />
      {adding && <WebhookDialog onClose={() => setAdding(false)} onSecret={setSecret} />}
      <SecretDialog
        title={t("webhooks.secretTitle")}
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </TitledPage>
  );
}
