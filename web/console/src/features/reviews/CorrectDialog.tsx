import { neutralise } from "@attune/shared/text";
import { useTranslation } from "react-i18next";

import type { Intent, ReviewItem } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { IntentPicker } from "../../components/IntentPicker";
import type { TitleOf } from "../../lib/intents";

type Props = {
  item: ReviewItem;
  intents: readonly Intent[];
  titleOf: TitleOf;
  onPick: (intent: string) => void;
  onClose: () => void;
};

/** Says what was meant in truth. */
export function CorrectDialog({ item, intents, titleOf, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const spoken = intents.filter(({ languages }) =>
    languages.some(({ language }) => language === item.language),
  );
  return (
    <Dialog
      open
      title={t("reviews.correctTitle")}
      description={t("reviews.correctAbout", { text: neutralise(item.text) })}
      onOpenChange={(open) => !open && onClose()}
    >
      <IntentPicker
        intents={spoken}
        titleOf={titleOf}
        label={t("reviews.correctTitle")}
        onPick={onPick}
      />
    </Dialog>
  );
}
