import { useTranslation } from "react-i18next";

import { Button } from "./Button";
import { CopyField } from "./CopyField";
import { Dialog } from "./Dialog";

type Props = {
  title: string;
  /** The secret; the dialog is open while there is one. */
  secret: string | undefined;
  onClose: () => void;
};

/** Shows a secret once; the server keeps no readable copy. */
export function SecretDialog({ title, secret, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      description={t("common.secretOnce")}
      open={secret !== undefined}
      onOpenChange={(open) => !open && onClose()}
    >
      <div className="grid gap-4">
        <CopyField label={t("common.secret")} value={secret ?? ""} />
        <Button variant="primary" className="ml-auto" onClick={onClose}>
          {t("common.kept")}
        </Button>
      </div>
    </Dialog>
  );
}
