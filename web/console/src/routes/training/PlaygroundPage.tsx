import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { SelectField } from "../../components/SelectField";
import { TitledPage } from "../../components/TitledPage";
import { useIntents } from "../../features/intents/queries";
import { type Answer, ParseForm } from "../../features/playground/ParseForm";
import { ParseResult } from "../../features/playground/ParseResult";
import { releasesQuery } from "../../features/releases/queries";

const route = getRouteApi("/app/training/playground");

/** Asks the bot what it makes of a text, and why. */
export function PlaygroundPage() {
  const { t } = useTranslation();
  const { release } = route.useSearch();
  const { titleOf } = useIntents();
  const { data: releases = [] } = useQuery(releasesQuery);
  const [answer, setAnswer] = useState<Answer>();
  const number = releases.find(({ id }) => id === answer?.parsed.release_id)?.number;
  return (
    <TitledPage title={t("training.playground")} about={t("playground.about")}>
      <ParseForm release={release} choice={<ReleaseChoice />} onAnswer={setAnswer} />
      <div aria-live="polite">
        {answer && <ParseResult {...answer} number={number} titleOf={titleOf} />}
      </div>
    </TitledPage>
  );
}

/** Which release to ask; the choice stands in the URL. */
function ReleaseChoice() {
  const { t } = useTranslation();
  const { release } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: releases = [] } = useQuery(releasesQuery);
  const trained = releases.filter(({ state }) => state === "candidate" || state === "retired");
  return (
    <div className="min-w-0 basis-64">
      <SelectField
        label={t("playground.release")}
        value={release ?? ""}
        onChange={(value) => navigate({ search: { release: Number(value) || undefined } })}
      >
        <option value="">{t("playground.inUse")}</option>
        {trained.map(({ id, number, state }) => (
          <option key={id} value={id}>
            {t("releases.one", { number })} · {t(`releases.state.${state}`)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
