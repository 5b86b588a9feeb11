import { useTranslation } from "react-i18next";

import type { Parsed } from "../../api/types";
import { type Level, marks } from "./marks";

const LOOKS: Record<Level, string> = {
  0: "",
  1: "bg-accent/15 text-ink",
  2: "bg-accent/30 text-ink",
  3: "bg-accent text-on-accent",
};

type Props = { text: string; reasons: Parsed["explanation"] };

/** The text, with the pieces marked that spoke for the likeliest intent, and those pieces by weight. */
export function MarkedText({ text, reasons }: Props) {
  const { t, i18n } = useTranslation();
  const weight = (value: number) =>
    value.toLocaleString(i18n.language, { maximumFractionDigits: 1 });
  return (
    <>
      <p className="text-base leading-loose break-words whitespace-pre-wrap text-ink">
        {marks(text, reasons).map(({ text: piece, level, at }) =>
          level === 0 ? (
            piece
          ) : (
            <mark key={at} data-level={level} className={`rounded px-0.5 py-0.5 ${LOOKS[level]}`}>
              {piece}
            </mark>
          ),
        )}
      </p>
      {reasons.length > 0 ? (
        <ol aria-label={t("playground.weights")} className="mt-3 flex flex-wrap gap-1.5">
          {reasons.map(({ text: piece, start, weight: value }) => (
            <li
              key={`${start} ${piece}`}
              className="rounded-md border border-line bg-sunken px-2 py-0.5 text-[0.8125rem] text-ink"
            >
              {piece} <span className="text-muted tabular-nums">+{weight(value)}</span>
            </li>
          ))}
        </ol>
      ) : (
        <p className="mt-2 text-[0.8125rem] text-muted">{t("playground.noWeights")}</p>
      )}
    </>
  );
}
