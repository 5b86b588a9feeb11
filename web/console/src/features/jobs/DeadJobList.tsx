import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck, RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { LoadMore } from "../../components/LoadMore";
import { QueryList } from "../../components/QueryList";
import { Row } from "../../components/Row";
import { toast } from "../../components/toasts";
import { formatFull } from "../../lib/time";
import { deadJobsQuery, useRetryJob } from "./queries";

/** The jobs that were given up, with the reason and a way to try again. */
export function DeadJobList() {
  const { t, i18n } = useTranslation();
  const retry = useRetryJob();
  const jobs = useInfiniteQuery({
    ...deadJobsQuery,
    select: (data) => data.pages.flatMap((page) => page.items),
  });
  return (
    <QueryList
      query={jobs}
      empty={
        <EmptyState icon={CircleCheck} title={t("jobs.empty")}>
          {t("jobs.emptyText")}
        </EmptyState>
      }
      footer={<LoadMore query={jobs} />}
    >
      {(job) => (
        <Row
          title={<span className="font-mono text-[0.8125rem]">{job.kind}</span>}
          about={[
            formatFull(job.created_at, i18n.language),
            t("deliveries.attempts", { count: job.attempts }),
            job.last_error,
          ]
            .filter(Boolean)
            .join(" · ")}
        >
          <Button
            size="sm"
            busy={retry.isPending && retry.variables === job.id}
            onClick={() =>
              retry.mutate(job.id, { onError: (error) => toast(explain(error, t), "danger") })
            }
          >
            <RotateCcw aria-hidden />
            {t("common.retry")}
          </Button>
        </Row>
      )}
    </QueryList>
  );
}
