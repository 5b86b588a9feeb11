import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Intent, Language } from "../../api/types";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Field } from "../../components/Field";
import { IntentSelect } from "../../components/IntentSelect";
import { LanguageSelect } from "../../components/LanguageSelect";
import { Problem } from "../../components/Problem";
import { TextField } from "../../components/TextField";
import { toast } from "../../components/toasts";
import type { TitleOf } from "../../lib/intents";
import { type ExampleFilter, useAddExample } from "./queries";

type Props = { filter: ExampleFilter; intents: readonly Intent[]; titleOf: TitleOf };

/** Adds one example after another: the field is empty again and keeps the focus. */
export function ExampleForm({ filter, intents, titleOf }: Props) {
  const { t, i18n } = useTranslation();
  const add = useAddExample();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [ownIntent, setIntent] = useState("");
  const [ownLanguage, setLanguage] = useState<Language>(i18n.language === "en" ? "en" : "zh");
  // What the list shows is what is meant; where it shows everything, the form asks.
  const intent = filter.intent ?? ownIntent;
  const language = filter.language ?? ownLanguage;
  const submit = () =>
    add.mutate(
      { intent, language, text: text.trim() },
      {
        onSuccess: () => {
          setText("");
          toast(t("examples.added"));
          field.current?.focus();
        },
      },
    );
  return (
    <Card className="p-4">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="flex flex-wrap items-end gap-3">
          <div className="min-w-0 flex-1 basis-48">
            <TextField
              label={t("examples.new")}
              ref={field}
              required
              maxLength={1000}
              placeholder={t("examples.newHint")}
              value={text}
              onChange={setText}
            />
          </div>
          {!filter.language && <LanguageSelect value={language} onChange={setLanguage} />}
          {!filter.intent && (
            <div className="min-w-0 basis-44 max-sm:flex-1">
              <Field label={t("intents.intent")}>
                {(control) => (
                  <IntentSelect
                    {...control}
                    required
                    intents={intents}
                    titleOf={titleOf}
                    none={t("intents.choose")}
                    value={intent}
                    onChange={setIntent}
                  />
                )}
              </Field>
            </div>
          )}
          <Button type="submit" variant="primary" busy={add.isPending}>
            {t("examples.add")}
          </Button>
        </div>
        <Problem error={add.error} />
      </form>
    </Card>
  );
}
