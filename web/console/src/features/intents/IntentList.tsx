import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Intent, Language } from "../../api/types";
import type { TitleOf } from "../../lib/intents";

const ENTRY =
  "flex items-center gap-2 rounded-lg px-2.5 py-1.5 text-[0.8125rem] text-ink transition-colors hover:bg-hover aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink";

type Props = {
  intents: readonly Intent[];
  titleOf: TitleOf;
  /** The language whose examples are counted; all if absent. */
  language: Language | undefined;
  /** The one whose examples are shown; all if absent. */
  chosen: string | undefined;
};

/** All that the bot knows, each with the number of its examples. */
export function IntentList({ intents, titleOf, language, chosen }: Props) {
  const { t } = useTranslation();
  const counts = intents.map((intent) => examplesOf(intent, language));
  return (
    <nav aria-label={t("intents.intents")} className="grid gap-0.5">
      <Link
        to="/training/examples"
        search={(now) => ({ ...now, intent: undefined })}
        aria-current={chosen === undefined ? "page" : undefined}
        className={ENTRY}
      >
        <span className="flex-1">{t("intents.all")}</span>
        <Count of={counts.reduce((sum, count) => sum + count, 0)} />
      </Link>
      {intents.map(({ name }, at) => (
        <Link
          key={name}
          to="/training/examples"
          search={(now) => ({ ...now, intent: name })}
          aria-current={chosen === name ? "page" : undefined}
          className={ENTRY}
        >
          <span className="min-w-0 flex-1">
            <span className="block truncate">{titleOf(name)}</span>
            <code className="block truncate font-mono text-[0.6875rem] font-normal text-muted">
              {name}
            </code>
          </span>
          <Count of={counts[at] ?? 0} />
        </Link>
      ))}
    </nav>
  );
}

function Count({ of }: { of: number }) {
  return <span className="shrink-0 text-xs font-normal text-muted tabular-nums">{of}</span>;
}

function examplesOf({ languages }: Intent, language: Language | undefined): number {
  return languages
    .filter((each) => !language || each.language === language)
    .reduce((sum, each) => sum + each.examples, 0);
}
