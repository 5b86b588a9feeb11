import { useTranslation } from "react-i18next";

import type { Parsed } from "../../api/types";
import { KINDS, meaning, stretches } from "./entities";

type Props = { text: string; entities: Parsed["entities"] };

/** The text, with what was found in it marked, and what each of that is and means. */
export function EntityText({ text, entities }: Props) {
  const { t } = useTranslation();
  const name = (kind: string) => {
    const known = KINDS.find((one) => one === kind);
    return known ? t(`entity.${known}`) : kind;
  };
  if (entities.length === 0)
    return <p className="text-[0.8125rem] text-muted">{t("playground.noEntities")}</p>;
  return (
    <>
      <p className="text-base leading-loose break-words whitespace-pre-wrap text-ink">
        {stretches(text, entities).map(({ text: piece, at, entity }) =>
          entity ? (
            <mark
              key={at}
              title={name(entity.kind)}
              data-kind={entity.kind}
              className="rounded bg-accent/15 px-0.5 py-0.5 text-ink"
            >
              {piece}
            </mark>
          ) : (
            piece
          ),
        )}
      </p>
      <ul aria-label={t("playground.entities")} className="mt-3 grid gap-1.5">
        {entities.map((entity) => (
          <li key={entity.start} className="flex flex-wrap gap-x-2 text-[0.8125rem]">
            <span className="text-muted">{name(entity.kind)}</span>
            <span className="min-w-0 break-all text-ink">{entity.text}</span>
            <span aria-hidden className="text-muted">
              →
            </span>
            <code className="min-w-0 font-mono break-all text-ink">{meaning(entity)}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
