import { useTranslation } from "react-i18next";

import type { Intent, Language } from "../../api/types";
import { Field } from "../../components/Field";
import { IntentSelect } from "../../components/IntentSelect";
import { TextareaField } from "../../components/TextareaField";
import { TextField } from "../../components/TextField";
import type { TitleOf } from "../../lib/intents";

/** What an intent is called and answers in one language. */
export type Words = { title: string; answer: string };

/** What a trainer says of a new intent; `other` is in the bot's other language. */
export type Draft = Words & { name: string; other: Words };

/** Names a new intent, and says what the bot answers. */
export function NewIntentFields({
  draft,
  other,
  onChange,
}: {
  draft: Draft;
  /** The other language that the bot speaks, if there is one. */
  other: Language | undefined;
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
        required={other !== undefined && draft.other.answer.trim() !== ""}
        maxLength={4000}
        value={draft.answer}
        onChange={(answer) => onChange({ ...draft, answer })}
      />
      {other && (
        <OtherFields
          language={other}
          words={draft.other}
          onChange={(words) => onChange({ ...draft, other: words })}
        />
      )}
    </>
  );
}

/** Says the same in the bot's other language. */
function OtherFields({
  language,
  words,
  onChange,
}: {
  language: Language;
  words: Words;
  onChange: (words: Words) => void;
}) {
  const { t } = useTranslation();
  const named = t(`language.${language}`);
  return (
    <fieldset className="grid gap-4 rounded-xl border border-line p-4">
      <legend className="px-1 text-[0.8125rem] font-medium text-soft">{named}</legend>
      <p className="text-xs text-muted">{t("discovery.inOtherHint")}</p>
      <TextField
        label={t("discovery.titleIn", { language: named })}
        required={words.answer.trim() !== ""}
        maxLength={40}
        value={words.title}
        onChange={(title) => onChange({ ...words, title })}
      />
      <TextareaField
        label={t("discovery.answerIn", { language: named })}
        maxLength={4000}
        value={words.answer}
        onChange={(answer) => onChange({ ...words, answer })}
      />
    </fieldset>
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
