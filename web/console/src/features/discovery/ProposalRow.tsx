import { neutralise } from "@attune/shared/text";
import { Plus } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Proposal } from "../../api/types";
import { Badge } from "../../components/Badge";
import { Button } from "../../components/Button";
import { formatShare } from "../../lib/share";
import { TakeBar } from "./TakeBar";

/** How many samples a row shows; the rest is seen when an intent is made of it. */
const SAMPLES = 3;

type Props = {
  proposal: Proposal;
  /** The largest share of all. */
  most: number;
  /** What the intent is called that the bot takes it for. */
  known: string | undefined;
  onAdopt: () => void;
};

/** An intent that might be worth having: its size, what asks it, and the way to make it one. */
export function ProposalRow({ proposal, most, known, onAdopt }: Props) {
  const { t } = useTranslation();
  const { name, title, samples } = proposal;
  return (
    <article className="grid gap-2.5 px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <h3 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-medium break-words text-ink">
            {neutralise(title)}
            <code className="font-mono text-xs font-normal break-all text-muted">{name}</code>
            {known && <Badge tone="accent">{t("discovery.known", { intent: known })}</Badge>}
          </h3>
        </div>
        <Button
          size="sm"
          aria-label={t("discovery.adoptNamed", { title: neutralise(title) })}
          disabled={samples.length === 0}
          onClick={onAdopt}
        >
          <Plus aria-hidden />
          {t("discovery.adopt")}
        </Button>
      </div>
      <Sizes proposal={proposal} most={most} />
      <ul className="grid gap-1 border-l-2 border-line pl-3 text-[0.8125rem] leading-relaxed text-soft">
        {samples.slice(0, SAMPLES).map(({ text }) => (
          <li key={text} className="line-clamp-2 break-words">
            {neutralise(text)}
          </li>
        ))}
      </ul>
    </article>
  );
}

function Sizes({ proposal, most }: Pick<Props, "proposal" | "most">) {
  const { t, i18n } = useTranslation();
  const { share, expected, conversations, contact_messages } = proposal;
  const portion = (value: number) => formatShare(value, i18n.language);
  const facts = [
    t("discovery.size", { count: conversations }),
    t("discovery.expected", { share: portion(expected) }),
    t("discovery.length", {
      messages: contact_messages.toLocaleString(i18n.language, { maximumFractionDigits: 1 }),
    }),
  ];
  return (
    <div className="grid gap-1.5">
      <div className="flex items-center gap-3">
        <TakeBar share={share} expected={expected} most={most} />
        <span className="w-14 shrink-0 text-right text-sm font-medium text-ink tabular-nums">
          {portion(share)}
        </span>
      </div>
      <p className="text-xs text-muted">{facts.join(" · ")}</p>
    </div>
  );
}
