import { Rocket } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Release } from "../../api/types";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/FormDialog";
import { toast } from "../../components/toasts";
import { usePublish } from "./queries";

/** Puts a release to work, after asking once. */
export function PublishButton({ release }: { release: Release }) {
  const { t } = useTranslation();
  const publish = usePublish();
  const [open, setOpen] = useState(false);
  const { number } = release;
  const submit = () =>
    publish.mutate(release.id, {
      onSuccess: () => {
        setOpen(false);
        toast(t("releases.published", { number }));
      },
    });
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Rocket aria-hidden />
        {t("releases.publish")}
      </Button>
      <FormDialog
        title={t("releases.publishTitle", { number })}
        description={t("releases.publishText")}
        open={open}
        onClose={() => setOpen(false)}
        task={publish}
        submit={t("releases.publish")}
        onSubmit={submit}
      />
    </>
  );
}
