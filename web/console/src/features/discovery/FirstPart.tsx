import { neutralise } from "@attune/shared/text";
import { useTranslation } from "react-i18next";

import type { Findings } from "../../api/types";
import { Card } from "../../components/Card";
import { formatShare } from "../../lib/share";

/** How many scenarios are automated first. */
const FIRST = 2;

/** What to automate first, and how much a bot would take with it. */
export function FirstPart({ findings }: { findings: Findings }) {
  const { t, i18n } = useTranslation();
  const share = (value: number) => formatShare(value, i18n.language);
  const first = findings.intents.slice(0, FIRST);
  return (
    <section aria-labelledby="discovery-first">
      <h2 id="discovery-first" className="text-sm font-semibold text-ink">
        {t("discovery.first", { count: first.length })}
      </h2>
      <p className="mt-0.5 mb-3 text-[0.8125rem] leading-relaxed text-pretty text-muted">
        {t("discovery.firstAbout", {
          expected: share(findings.first_expected),
          share: share(findings.first_share),
        })}
      </p>
      <ol className="grid gap-3 sm:grid-cols-2">
        {first.map((proposal, at) => (
          <li key={proposal.name} className="grid">
            <Card className="grid content-start gap-2.5 p-4">
              <p className="flex items-baseline gap-2 text-sm font-medium text-ink">
                <span className="text-muted tabular-nums">{at + 1}</span>
                <span className="min-w-0 break-words">{neutralise(proposal.title)}</span>
              </p>
              <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
                <span className="text-2xl font-semibold text-ink tabular-nums">
                  {share(proposal.expected)}
                </span>
                <span className="text-[0.8125rem] text-muted">
                  {t("discovery.takenOf", { share: share(proposal.share) })}
                </span>
              </p>
              <p className="line-clamp-2 text-[0.8125rem] leading-relaxed break-words text-soft">
                {neutralise(proposal.samples[0]?.text ?? "")}
              </p>
            </Card>
          </li>
        ))}
      </ol>
    </section>
  );
}
