import { useTranslation } from "react-i18next";

import type { Parsed } from "../../api/types";
import { Badge } from "../../components/Badge";
import { Bar } from "../../components/Bar";
import { Card } from "../../components/Card";
import { IntentName } from "../../components/IntentName";
import type { TitleOf } from "../../lib/intents";
import { formatShare } from "../../lib/share";
import { EntityText } from "./EntityText";
import { MarkedText } from "./MarkedText";

type Props = {
  text: string;
  parsed: Parsed;
  /** The number of the release that answered. */
  number: number | undefined;
  titleOf: TitleOf;
};

/** What a release makes of a text: its language, what it may mean, which emotions and what sentiment show, what it names, and why. */
export function ParseResult({ text, parsed, number, titleOf }: Props) {
  const { t, i18n } = useTranslation();
  const share = (value: number) => formatShare(value, i18n.language);
  const { intents, language, emotions, sentiment, entities, explanation } = parsed;
  return (
    <section aria-label={t("playground.result")} className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-muted">
        {number !== undefined && <Badge tone="ok">{t("releases.one", { number })}</Badge>}
        <Badge>{language ? t(`language.${language}`) : t("playground.noLanguage")}</Badge>
        {emotions.map(({ emotion, strength }) => (
          <Badge key={emotion} tone={emotion === "anger" && strength >= 0.5 ? "danger" : "neutral"}>
            {t("playground.emotion", { emotion: t(`emotion.${emotion}`), share: share(strength) })}
          </Badge>
        ))}
        {sentiment && (
          <Badge>
            {t("playground.sentiment", {
              sentiment: t(`sentiment.${sentiment.sentiment}`),
              share: share(sentiment.probability),
            })}
          </Badge>
        )}
      </div>
      <Card className="p-4">
        <h2 className="mb-3 text-sm font-semibold text-ink">{t("playground.intents")}</h2>
        <ol className="grid gap-3">
          {intents.map(({ intent, probability }, at) => (
            <li key={intent} className="grid gap-1.5 text-sm text-ink">
              <span className="flex items-baseline justify-between gap-3">
                <IntentName name={intent} titleOf={titleOf} />
                <span className="shrink-0 tabular-nums">{share(probability)}</span>
              </span>
              <Bar share={probability} tone={at === 0 ? "accent" : "muted"} />
            </li>
          ))}
        </ol>
        {intents.length === 0 && (
          <p className="text-[0.8125rem] text-muted">{t("playground.nothing")}</p>
        )}
      </Card>
      <Card className="p-4">
        <h2 className="mb-2.5 text-sm font-semibold text-ink">{t("playground.entities")}</h2>
        <EntityText text={text} entities={entities} />
      </Card>
      <Card className="p-4">
        <h2 className="text-sm font-semibold text-ink">{t("playground.why")}</h2>
        <p className="mt-0.5 mb-2.5 text-[0.8125rem] leading-relaxed text-muted">
          {t("playground.whyAbout")}
        </p>
        <MarkedText text={text} reasons={explanation} />
      </Card>
    </section>
  );
}
