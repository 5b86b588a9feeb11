import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { SecretDialog } from "../../components/SecretDialog";
import { TitledPage } from "../../components/TitledPage";
import { TokenDialog } from "../../features/tokens/TokenDialog";
import { TokenList } from "../../features/tokens/TokenList";

/** One's own API tokens. */
export function TokensPage() {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  return (
    <TitledPage
      title={t("settings.tokens")}
      about={t("tokens.about")}
      action={
        <Button variant="primary" onClick={() => setAdding(true)}>
          <Plus aria-hidden />
          {t("tokens.add")}
        </Button>
      }
    >
      <TokenList />
      {adding && <TokenDialog onClose={() => setAdding(false)} onSecret={setSecret} />}
      <SecretDialog
        title={t("tokens.secretTitle")}
        secret={secret}
        onClose={() => setSecret(undefined)}
      />
    </TitledPage>
  );
}
