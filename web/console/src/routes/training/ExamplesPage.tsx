import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { IntentSelect } from "../../components/IntentSelect";
import { LanguageFilter } from "../../components/LanguageFilter";
import { TitledPage } from "../../components/TitledPage";
import { ExampleForm } from "../../features/examples/ExampleForm";
import { ExampleList } from "../../features/examples/ExampleList";
import { ExampleSearch } from "../../features/examples/ExampleSearch";
import { IntentList } from "../../features/intents/IntentList";
import { useIntents } from "../../features/intents/queries";

const route = getRouteApi("/app/training/examples");

/** The training set: what the bot knows, and what people say for each of it. */
export function ExamplesPage() {
  const { t } = useTranslation();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const { intents, titleOf } = useIntents();
  return (
    <TitledPage wide title={t("training.examples")} about={t("examples.about")}>
      <div className="grid items-start gap-6 md:grid-cols-[15rem_minmax(0,1fr)]">
        <IntentList
          intents={intents}
          titleOf={titleOf}
          language={filter.language}
          chosen={filter.intent}
        />
        <div className="grid min-w-0 gap-4">
          <div className="flex flex-wrap gap-2">
            <IntentSelect
              aria-label={t("intents.intent")}
              className="w-full md:hidden"
              intents={intents}
              titleOf={titleOf}
              none={t("intents.all")}
              value={filter.intent ?? ""}
              onChange={(intent) =>
                navigate({ search: { ...filter, intent: intent || undefined } })
              }
            />
            <ExampleSearch key={filter.q} filter={filter} />
            <LanguageFilter
              value={filter.language}
              onChange={(language) => navigate({ search: { ...filter, language } })}
            />
          </div>
          <ExampleForm filter={filter} intents={intents} titleOf={titleOf} />
          <ExampleList filter={filter} intents={intents} titleOf={titleOf} />
        </div>
      </div>
    </TitledPage>
  );
}
