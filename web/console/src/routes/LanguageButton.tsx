import { Languages } from "lucide-react";
import { useTranslation } from "react-i18next";

import { otherLanguage, switchLanguage } from "../app/i18n";
import { Button } from "../components/Button";

/** Switches to the other language; it is named in that language, for those who cannot read this one. */
export function LanguageButton() {
  const { t, i18n } = useTranslation();
  const other = otherLanguage(i18n.language);
  return (
    <Button variant="ghost" size="sm" onClick={() => switchLanguage(other)}>
      <Languages aria-hidden />
      <span lang={other}>{t(`language.${other}`)}</span>
    </Button>
  );
}
