import { neutralise } from "@attune/shared/text";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Intent, Language, ReviewItem } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { IntentPicker } from "../../components/IntentPicker";
import { LanguageSelect } from "../../components/LanguageSelect";
import type { TitleOf } from "../../lib/intents";

type Props = {
  item: ReviewItem;
  intents: readonly Intent[];
  titleOf: TitleOf;
  onPick: (intent: string, language: Language) => void;
  onClose: () => void;
};

/** Says what was meant in truth, and to the examples of which language it belongs. */
export function CorrectDialog({ item, intents, titleOf, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const [language, setLanguage] = useState(item.language);
  const spoken = intents.filter(({ languages }) =>
    languages.some((each) => each.language === language),
  );
  return (
    <Dialog
      open
      title={t("reviews.correctTitle")}
      description={t("reviews.correctAbout", { text: neutralise(item.text) })}
      onOpenChange={(open) => !open && onClose()}
    >
      <div className="grid gap-4">
        <IntentPicker
          intents={spoken}
          titleOf={titleOf}
          label={t("reviews.correctTitle")}
          onPick={(intent) => onPick(intent, language)}
        />
        <LanguageSelect value={language} onChange={setLanguage} />
      </div>
    </Dialog>
  );
}
