import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Example, Intent } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { FormButtons } from "../../components/FormButtons";
import { IntentSelect } from "../../components/IntentSelect";
import { Problem } from "../../components/Problem";
import { Textarea } from "../../components/Textarea";
import type { TitleOf } from "../../lib/intents";
import { useChangeExample } from "./queries";

type Props = {
  example: Example;
  intents: readonly Intent[];
  titleOf: TitleOf;
  onClose: () => void;
};

/** Changes what an example says, or which intent it belongs to. */
export function ExampleDialog({ example, intents, titleOf, onClose }: Props) {
  const { t } = useTranslation();
  const change = useChangeExample();
  const [text, setText] = useState(example.text);
  const [intent, setIntent] = useState(example.intent);
  const submit = () =>
    change.mutate(
      {
        id: example.id,
        ...(text.trim() !== example.text && { text: text.trim() }),
        ...(intent !== example.intent && { intent }),
      },
      { onSuccess: onClose },
    );
  return (
    <Dialog open title={t("examples.edit")} onOpenChange={(open) => !open && onClose()}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={t("examples.text")}>
          {(control) => (
            <Textarea
              {...control}
              required
              maxLength={1000}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("intents.intent")} hint={t("examples.moveHint")}>
          {(control) => (
            <IntentSelect
              {...control}
              intents={intents}
              titleOf={titleOf}
              value={intent}
              onChange={setIntent}
            />
          )}
        </Field>
        <Problem error={change.error} />
        <FormButtons submit={t("common.save")} busy={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
