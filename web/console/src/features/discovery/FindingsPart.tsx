import { SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Findings, Intent } from "../../api/types";
import { Card } from "../../components/Card";
import { EmptyState } from "../../components/EmptyState";
import type { TitleOf } from "../../lib/intents";
import { formatFull } from "../../lib/time";
import { FirstPart } from "./FirstPart";
import { ProposalList } from "./ProposalList";

type Props = { findings: Findings; intents: readonly Intent[]; titleOf: TitleOf };

/** What was found: what to automate first, and all that might be worth having. */
export function FindingsPart({ findings, intents, titleOf }: Props) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-8">
      <Facts findings={findings} />
      {findings.intents.length === 0 ? (
        <Card>
          <EmptyState icon={SearchX} title={t("discovery.nothing")}>
            {t("discovery.nothingText")}
          </EmptyState>
        </Card>
      ) : (
        <>
          <FirstPart findings={findings} />
          <ProposalList proposals={findings.intents} intents={intents} titleOf={titleOf} />
        </>
      )}
    </div>
  );
}

/** What was looked at, and in how much of it there was nothing to find. */
function Facts({ findings }: Pick<Props, "findings">) {
  const { t, i18n } = useTranslation();
  const { days, found_at, conversations, unlike_others, without_question, is_cut } = findings;
  const facts = [
    formatFull(found_at, i18n.language),
    days ? t("discovery.ofDays", { count: days }) : t("discovery.ofTable"),
    t("discovery.size", { count: conversations }),
    unlike_others > 0 && t("discovery.unlike", { count: unlike_others }),
    without_question > 0 && t("discovery.silent", { count: without_question }),
    is_cut && t("discovery.cut"),
  ];
  return (
    <p className="text-[0.8125rem] leading-relaxed text-muted">
      {facts.filter(Boolean).join(" · ")}
    </p>
  );
}
