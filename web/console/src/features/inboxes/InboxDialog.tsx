import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Inbox } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { InboxFields } from "./InboxFields";
import { InboxInstall } from "./InboxInstall";
import { type InboxForm, useSaveInbox } from "./queries";

type Props = {
  /** The inbox to change; a new one is made without. */
  inbox: Inbox | undefined;
  onClose: () => void;
};

/** Adds or changes an inbox and shows how to put it on a page. */
export function InboxDialog({ inbox, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveInbox();
  const [form, setForm] = useState<InboxForm>(() => ({
    name: inbox?.name ?? "",
    language: inbox?.language ?? "zh",
    greeting: inbox?.greeting ?? "",
    allowed_origins: inbox?.allowed_origins ?? [],
    enforce_identity: inbox?.enforce_identity ?? false,
    identity_public_key: inbox?.identity_public_key ?? "",
    bot: inbox?.bot ?? true,
  }));
  return (
    <FormDialog
      title={inbox ? inbox.name : t("inboxes.add")}
      onClose={onClose}
      task={save}
      submit={t("common.save")}
      onSubmit={() => save.mutate({ ...(inbox && { id: inbox.id }), form }, { onSuccess: onClose })}
    >
      <InboxFields form={form} onChange={(change) => setForm({ ...form, ...change })} />
      {inbox && <InboxInstall inbox={inbox} />}
    </FormDialog>
  );
}
