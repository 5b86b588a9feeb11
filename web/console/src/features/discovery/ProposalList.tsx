import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Intent, Proposal } from "../../api/types";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import type { TitleOf } from "../../lib/intents";
import { AdoptDialog } from "./AdoptDialog";
import { ProposalRow } from "./ProposalRow";

/** How many are shown at once: nobody makes a hundred intents in a sitting. */
const STEP = 20;

type Props = { proposals: readonly Proposal[]; intents: readonly Intent[]; titleOf: TitleOf };

/** Everything that might be worth an intent; those first that a bot would take most with. */
export function ProposalList({ proposals, intents, titleOf }: Props) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(STEP);
  const [adopting, setAdopting] = useState<Proposal>();
  const most = Math.max(...proposals.map(({ share }) => share));
  const knownAs = ({ name, known_as }: Proposal) =>
    known_as ?? intents.find((intent) => intent.name === name)?.name;
  return (
    <section aria-labelledby="discovery-proposals">
      <h2 id="discovery-proposals" className="text-sm font-semibold text-ink">
        {t("discovery.proposals", { count: proposals.length })}
      </h2>
      <p className="mt-0.5 mb-3 text-[0.8125rem] leading-relaxed text-pretty text-muted">
        {t("discovery.proposalsAbout")}
      </p>
      <Card>
        <ul className="divide-y divide-line">
          {proposals.slice(0, shown).map((proposal) => {
            const known = knownAs(proposal);
            return (
              <li key={proposal.name} data-proposal={proposal.name}>
                <ProposalRow
                  proposal={proposal}
                  most={most}
                  known={known && titleOf(known)}
                  onAdopt={() => setAdopting(proposal)}
                />
              </li>
            );
          })}
        </ul>
        {shown < proposals.length && (
          <div className="flex justify-center border-t border-line p-3">
            <Button variant="ghost" onClick={() => setShown(shown + STEP)}>
              {t("common.more")}
            </Button>
          </div>
        )}
      </Card>
      {adopting && (
        <AdoptDialog
          proposal={adopting}
          known={knownAs(adopting)}
          intents={intents}
          titleOf={titleOf}
          onClose={() => setAdopting(undefined)}
        />
      )}
    </section>
  );
}
