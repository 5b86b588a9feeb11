import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Example, Intent } from "../../api/types";
import { Field } from "../../components/Field";
import { FormDialog } from "../../components/FormDialog";
import { IntentSelect } from "../../components/IntentSelect";
import { TextareaField } from "../../components/TextareaField";
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
    <FormDialog
      title={t("examples.edit")}
      onClose={onClose}
      task={change}
      submit={t("common.save")}
      onSubmit={submit}
    >
      <TextareaField
        label={t("examples.text")}
        required
        maxLength={1000}
        value={text}
        onChange={setText}
      />
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
    </FormDialog>
  );
}
