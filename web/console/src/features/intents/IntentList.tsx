import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Intent, Language } from "../../api/types";
import type { TitleOf } from "../../lib/intents";

const ENTRY =
  "flex items-center gap-2 rounded-lg px-2.5 py-1.5 text-[0.8125rem] text-ink transition-colors hover:bg-hover aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink";

/** Which of them is chosen stands in the search of the address. */
const ACTIVE = { exact: true, includeSearch: true };

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
  const list = useRef<HTMLElement>(null);
  const isThere = intents.length > 0;
  useEffect(() => {
    if (!chosen || !isThere || !list.current) return;
    const active = list.current.querySelector<HTMLElement>("[aria-current=page]");
    // Not `scrollIntoView`, which would scroll the page as well.
    if (active) list.current.scrollTop = active.offsetTop - list.current.clientHeight / 2;
  }, [chosen, isThere]);
  const counts = intents.map((intent) => examplesOf(intent, language));
  return (
    <nav
      ref={list}
      aria-label={t("intents.intents")}
      className="sticky top-0 grid max-h-[calc(100dvh-5rem)] gap-0.5 overflow-y-auto py-2 max-md:hidden"
    >
      <Link
        to="/training/examples"
        search={(now) => ({ ...now, intent: undefined })}
        activeOptions={ACTIVE}
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
          activeOptions={ACTIVE}
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
