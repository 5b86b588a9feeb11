import { LOCALES } from "@attune/shared/locales";
import { useTranslation } from "react-i18next";

import { Field } from "./Field";
import { Select } from "./Select";

type Language = (typeof LOCALES)[number];
type Props = { value: Language; onChange: (language: Language) => void };

/** Chooses a language. */
export function LanguageSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Field label={t("common.language")}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value as Language)}
        >
          {LOCALES.map((language) => (
            <option key={language} value={language}>
              {t(`language.${language}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
