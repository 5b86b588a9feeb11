import { LOCALES } from "@attune/shared/locales";
import { useTranslation } from "react-i18next";

import { SelectField } from "./SelectField";

type Language = (typeof LOCALES)[number];
type Props = { value: Language; onChange: (language: Language) => void };

/** Chooses a language. */
export function LanguageSelect({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t("common.language")}
      value={value}
      onChange={(language) => onChange(language as Language)}
    >
      {LOCALES.map((language) => (
        <option key={language} value={language}>
          {t(`language.${language}`)}
        </option>
      ))}
    </SelectField>
  );
}
