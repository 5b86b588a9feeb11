import { useTranslation } from "react-i18next";

import type { Intent, Language } from "../../api/types";
import { Field } from "../../components/Field";
import { IntentSelect } from "../../components/IntentSelect";
import { TextareaField } from "../../components/TextareaField";
import { TextField } from "../../components/TextField";
import type { TitleOf } from "../../lib/intents";

/** What a trainer says of a new intent. */
export type Draft = { name: string; title: string; answer: string };

/** Names a new intent, and says what the bot answers. */
export function NewIntentFields({
  draft,
  onChange,
}: {
  draft: Draft;
  onChange: (draft: Draft) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        label={t("discovery.title")}
        hint={t("discovery.titleHint")}
        required
        maxLength={40}
        value={draft.title}
        onChange={(title) => onChange({ ...draft, title })}
      />
      <TextField
        label={t("discovery.name")}
        hint={t("discovery.nameHint")}
        required
        maxLength={48}
        pattern="[a-z0-9_]+"
        autoComplete="off"
        autoCapitalize="none"
        className="font-mono"
        value={draft.name}
        onChange={(name) => onChange({ ...draft, name })}
      />
      <TextareaField
        label={t("discovery.answer")}
        hint={t("discovery.answerHint")}
        maxLength={4000}
        value={draft.answer}
        onChange={(answer) => onChange({ ...draft, answer })}
      />
    </>
  );
}

type KnownProps = {
  intents: readonly Intent[];
  titleOf: TitleOf;
  language: Language;
  value: string;
  onChange: (name: string) => void;
};

/** Chooses an intent that the bot has in a language. */
export function KnownIntentField({ intents, titleOf, language, value, onChange }: KnownProps) {
  const { t } = useTranslation();
  const spoken = intents.filter(({ languages }) =>
    languages.some((each) => each.language === language),
  );
  return (
    <Field label={t("intents.intent")}>
      {(control) => (
        <IntentSelect
          {...control}
          required
          intents={spoken}
          titleOf={titleOf}
          none={t("intents.choose")}
          value={spoken.some(({ name }) => name === value) ? value : ""}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
