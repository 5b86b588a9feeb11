import { LOCALES } from "@attune/shared/locales";
import { useTranslation } from "react-i18next";

import type { Language } from "../api/types";
import { Select } from "./Select";

type Props = { value: Language | undefined; onChange: (language: Language | undefined) => void };

/** Narrows a list to a language, or not. */
export function LanguageFilter({ value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t("training.byLanguage")}
      className="min-w-0 flex-1 basis-36 sm:w-44 sm:flex-none"
      value={value ?? ""}
      onChange={(event) => onChange(LOCALES.find((each) => each === event.target.value))}
    >
      <option value="">{t("training.everyLanguage")}</option>
      {LOCALES.map((each) => (
        <option key={each} value={each}>
          {t(`language.${each}`)}
        </option>
      ))}
    </Select>
  );
}
