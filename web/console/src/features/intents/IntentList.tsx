import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Intent, Language } from "../../api/types";
import type { TitleOf } from "../../lib/intents";

const ENTRY =
  "flex items-center gap-2 rounded-lg px-2.5 py-1.5 text-[0.8125rem] text-ink transition-colors hover:bg-hover";
const ACTIVE = { className: "bg-accent-soft font-medium text-accent-ink hover:bg-accent-soft" };

type Props = {
  intents: readonly Intent[];
  titleOf: TitleOf;
  /** The language whose examples are counted; all if absent. */
  language: Language | undefined;
};

/** All that the bot knows, each with the number of its examples. */
export function IntentList({ intents, titleOf, language }: Props) {
  const { t } = useTranslation();
  const counts = intents.map((intent) => examplesOf(intent, language));
  return (
    <nav aria-label={t("intents.intents")} className="grid gap-0.5">
      <Link
        to="/training/examples"
        search={(now) => ({ ...now, intent: undefined })}
        activeOptions={{ exact: true, includeSearch: true }}
        activeProps={ACTIVE}
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
          activeOptions={{ includeSearch: true }}
          activeProps={ACTIVE}
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
