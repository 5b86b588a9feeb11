import { neutralise } from "@attune/shared/text";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { ReviewItem } from "../../api/types";
import { Badge, type Tone } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Kbd } from "../../components/Kbd";
import { cn } from "../../lib/cn";
import type { TitleOf } from "../../lib/intents";
import { formatShare } from "../../lib/share";
import { formatFull } from "../../lib/time";
import { acceptedIntent } from "./accepted";

const TONES: Record<ReviewItem["reason"], Tone> = {
  corrected: "danger",
  badly_rated: "warn",
  handed_off: "accent",
  uncertain: "neutral",
};

/** How a key looks on a button that is filled; where there is no keyboard, no key is shown. */
const ON_ACCENT = "border-on-accent/40 bg-transparent text-on-accent touch:hidden";

type Props = {
  item: ReviewItem;
  titleOf: TitleOf;
  isSelected: boolean;
  onSelect: () => void;
  onAccept: () => void;
  onCorrect: () => void;
  onReject: () => void;
};

/** Something that was said: why it waits, what the bot made of it, and, if it is looked at, what can be done. */
export function ReviewRow({ item, titleOf, isSelected, onSelect, ...actions }: Props) {
  const row = useFocusWhen(isSelected);
  return (
    <div
      className={cn(
        "relative outline-offset-[-2px] outline-accent has-[[data-review]:focus-visible]:outline-2",
        isSelected && "bg-accent-soft/40",
      )}
    >
      {isSelected && <span aria-hidden className="absolute inset-y-0 left-0 w-[3px] bg-accent" />}
      <button
        ref={row}
        type="button"
        data-review={item.id}
        aria-current={isSelected || undefined}
        onClick={onSelect}
        className="block w-full px-5 py-3 text-left outline-none"
      >
        <span
          className={cn(
            "block text-sm leading-relaxed break-words text-ink",
            isSelected ? "line-clamp-12 font-medium" : "line-clamp-2",
          )}
        >
          {neutralise(item.text)}
        </span>
        <Facts item={item} titleOf={titleOf} />
      </button>
      {isSelected && <Actions item={item} titleOf={titleOf} {...actions} />}
    </div>
  );
}

function Facts({ item, titleOf }: Pick<Props, "item" | "titleOf">) {
  const { t, i18n } = useTranslation();
  const { predicted, probability, suggested, seen } = item;
  const sure = formatShare(probability, i18n.language);
  const facts = [
    predicted
      ? t("reviews.takenFor", { intent: titleOf(predicted), sure })
      : t("reviews.takenForNothing"),
    suggested && t("reviews.suggested", { intent: titleOf(suggested) }),
    seen > 1 && t("reviews.seen", { count: seen }),
    formatFull(item.last_seen_at, i18n.language),
  ];
  return (
    <span className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-[0.8125rem] text-muted">
      <Badge tone={TONES[item.reason]}>{t(`reviews.reason.${item.reason}`)}</Badge>
      <Badge>{t(`language.${item.language}`)}</Badge>
      <span className="min-w-0 break-words">{facts.filter(Boolean).join(" · ")}</span>
    </span>
  );
}

function Actions({
  item,
  titleOf,
  onAccept,
  onCorrect,
  onReject,
}: Omit<Props, "isSelected" | "onSelect">) {
  const { t } = useTranslation();
  const accepted = acceptedIntent(item);
  return (
    <div className="flex flex-wrap items-center gap-2 px-5 pb-4">
      {accepted && (
        <Button size="sm" variant="primary" aria-keyshortcuts="a" onClick={onAccept}>
          {t("reviews.accept", { intent: titleOf(accepted) })}
          <Kbd className={ON_ACCENT}>a</Kbd>
        </Button>
      )}
      <Button
        size="sm"
        variant={accepted ? "secondary" : "primary"}
        aria-keyshortcuts="c"
        onClick={onCorrect}
      >
        {t("reviews.correct")}
        <Kbd className={accepted ? "touch:hidden" : ON_ACCENT}>c</Kbd>
      </Button>
      <Button size="sm" aria-keyshortcuts="r" onClick={onReject}>
        {t("reviews.reject")}
        <Kbd className="touch:hidden">r</Kbd>
      </Button>
      <Link
        to="/conversations/$id"
        params={{ id: item.conversation_id }}
        className="ml-auto rounded-md px-2 py-1 text-[0.8125rem] font-medium text-accent-ink hover:underline"
      >
        {t("reviews.conversation")}
      </Link>
    </div>
  );
}

/** Moves the focus along with the selection, unless the trainer is at another part of the page. */
function useFocusWhen(isSelected: boolean) {
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    const isFree = activeElement === body || activeElement?.closest("[data-queue]");
    if (!isSelected || !isFree) return;
    row.current?.focus({ preventScroll: true });
    // With what can be done, which stands below.
    row.current?.closest("li")?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  return row;
}
