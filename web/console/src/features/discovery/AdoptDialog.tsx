import { LOCALES } from "@attune/shared/locales";
import { neutralise } from "@attune/shared/text";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Intent, Language, Proposal } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { LanguageSelect } from "../../components/LanguageSelect";
import { RadioCards } from "../../components/RadioCards";
import { toast } from "../../components/toasts";
import type { TitleOf } from "../../lib/intents";
import { type Outcome, type Target, useAdopt } from "./adopt";
import { KnownIntentField, NewIntentFields } from "./IntentFields";
import { languageOf } from "./language";
import { SampleChoice } from "./SampleChoice";

type Props = {
  proposal: Proposal;
  /** The intent that the bot takes it for. */
  known: string | undefined;
  intents: readonly Intent[];
  titleOf: TitleOf;
  onClose: () => void;
};

const KINDS = ["new", "known"] as const satisfies Target["kind"][];

const NOTHING: Outcome = { added: [], refused: [] };

/** Makes an intent of a proposal, or more examples of one that there is, of those samples that belong to it. */
export function AdoptDialog({ proposal, known, intents, titleOf, onClose }: Props) {
  const { t } = useTranslation();
  const adopt = useAdopt();
  const texts = proposal.samples.map(({ text }) => text);
  const [picked, setPicked] = useState<readonly string[]>(texts);
  const [outcome, setOutcome] = useState(NOTHING);
  const [kind, setKind] = useState<Target["kind"]>(known ? "known" : "new");
  const [language, setLanguage] = useState(() => languageOf(texts));
  const [draft, setDraft] = useState({
    name: known || isPlaceholder(proposal.name) ? "" : proposal.name,
    title: known ? "" : [...proposal.title].slice(0, 40).join(""),
    answer: "",
    other: { title: "", answer: "" },
  });
  const other = LOCALES.find(
    (each) => each !== language && intents.some(({ languages }) => speaks(languages, each)),
  );
  const [intent, setIntent] = useState(known ?? "");
  const submit = () => {
    const target: Target =
      kind === "new"
        ? {
            kind,
            language,
            name: draft.name.trim(),
            title: draft.title.trim(),
            answer: draft.answer,
            translations:
              other && draft.other.title.trim() ? [{ language: other, ...draft.other }] : [],
          }
        : { kind, language, name: intent };
    adopt.mutate(
      { target, texts: picked },
      {
        onSuccess: (came) => {
          if (came.added.length > 0) toast(t("discovery.adopted", { count: came.added.length }));
          if (came.refused.length === 0) return onClose();
          setOutcome({ added: [...outcome.added, ...came.added], refused: came.refused });
          setPicked(picked.filter((text) => !isSettled(came, text)));
        },
      },
    );
  };
  return (
    <FormDialog
      title={t("discovery.adoptTitle", { title: neutralise(proposal.title) })}
      description={t("discovery.adoptAbout")}
      onClose={onClose}
      task={adopt}
      submit={t("discovery.addPicked", { count: picked.length })}
      disabled={picked.length === 0}
      onSubmit={submit}
    >
      <SampleChoice texts={texts} picked={picked} outcome={outcome} onPick={setPicked} />
      <RadioCards
        name="target"
        legend={t("discovery.examplesOf")}
        value={kind}
        options={KINDS.map((value) => ({
          value,
          title: t(`discovery.target.${value}`),
          about: t(`discovery.targetAbout.${value}`),
        }))}
        onChange={setKind}
      />
      <LanguageSelect value={language} onChange={setLanguage} />
      {kind === "new" ? (
        <NewIntentFields draft={draft} other={other} onChange={setDraft} />
      ) : (
        <KnownIntentField
          intents={intents}
          titleOf={titleOf}
          language={language}
          value={intent}
          onChange={setIntent}
        />
      )}
    </FormDialog>
  );
}

function speaks(languages: Intent["languages"], language: Language): boolean {
  return languages.some((each) => each.language === language);
}

/** Whether a name says nothing: it stands for one where none could be found. */
function isPlaceholder(name: string): boolean {
  return /^topic_\d+$/.test(name);
}

/** Whether a text needs no further try: it is an example now, or cannot be one. */
function isSettled({ added, refused }: Outcome, text: string): boolean {
  return added.includes(text) || refused.includes(text);
}
