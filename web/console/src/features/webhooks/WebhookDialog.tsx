import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Checkbox } from "../../components/Checkbox";
import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
import { EVENT_TYPES } from "./eventTypes";
import { useCreateWebhook } from "./queries";

type Props = { onClose: () => void; onSecret: (secret: string) => void };

/** Adds a webhook and hands its secret on. */
export function WebhookDialog({ onClose, onSecret }: Props) {
  const { t } = useTranslation();
  const create = useCreateWebhook();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState<string[]>(["message.created", "conversation.handed_off"]);
  const toggle = (type: string, wanted: boolean) =>
    setEvents(wanted ? [...events, type] : events.filter((each) => each !== type));
  const submit = () =>
    create.mutate(
      { url: url.trim(), events },
      {
        onSuccess: ({ secret }) => {
          onClose();
          onSecret(secret);
        },
      },
    );
  return (
    <FormDialog
      title={t("webhooks.add")}
      description={t("webhooks.addAbout")}
      onClose={onClose}
      task={create}
      submit={t("webhooks.add")}
      onSubmit={submit}
    >
      <TextField
        label={t("webhooks.url")}
        hint={t("webhooks.urlHint")}
        type="url"
        required
        placeholder="https://example.com/attune"
        value={url}
        onChange={setUrl}
      />
      <fieldset>
        <legend className="mb-1 text-[0.8125rem] font-medium text-ink">
          {t("webhooks.events")}
        </legend>
        <div className="grid max-h-56 overflow-y-auto rounded-lg border border-line px-3 py-1 sm:grid-cols-2">
          {EVENT_TYPES.map((type) => (
            <Checkbox
              key={type}
              checked={events.includes(type)}
              onChange={(event) => toggle(type, event.target.checked)}
            >
              <span className="font-mono text-xs">{type}</span>
            </Checkbox>
          ))}
        </div>
      </fieldset>
    </FormDialog>
  );
}
