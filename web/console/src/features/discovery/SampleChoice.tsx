import { neutralise } from "@attune/shared/text";
import { useTranslation } from "react-i18next";

import { Checkbox } from "../../components/Checkbox";
import type { Outcome } from "./adopt";

type Props = {
  texts: readonly string[];
  picked: readonly string[];
  /** What became of those that were tried already. */
  outcome: Outcome;
  onPick: (texts: readonly string[]) => void;
};

/** Says which samples belong to an intent; all do until somebody says otherwise. */
export function SampleChoice({ texts, picked, outcome, onPick }: Props) {
  const { t } = useTranslation();
  const toggle = (text: string) =>
    onPick(
      texts.filter((each) => (each === text ? !picked.includes(each) : picked.includes(each))),
    );
  return (
    <fieldset>
      <legend className="mb-1.5 text-[0.8125rem] font-medium text-ink">
        {t("discovery.samples")}
      </legend>
      <div className="grid gap-0.5 rounded-lg border border-line px-3 py-1.5">
        {texts.map((text) => {
          const isAdded = outcome.added.includes(text);
          const isRefused = outcome.refused.includes(text);
          return (
            <Checkbox
              key={text}
              checked={picked.includes(text)}
              disabled={isAdded || isRefused}
              onChange={() => toggle(text)}
            >
              <span className="min-w-0 py-1 break-words">
                {neutralise(text)}
                {isAdded && (
                  <span className="block text-xs text-muted">{t("discovery.isAdded")}</span>
                )}
                {isRefused && (
                  <span className="block text-xs text-danger-ink">{t("discovery.isRefused")}</span>
                )}
              </span>
            </Checkbox>
          );
        })}
      </div>
    </fieldset>
  );
}
