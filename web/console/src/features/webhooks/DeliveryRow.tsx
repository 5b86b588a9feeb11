import { RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";

import { explain } from "../../api/explain";
import type { Delivery } from "../../api/types";
import { Badge, type Tone } from "../../components/Badge";
import { Button } from "../../components/Button";
import { Row } from "../../components/Row";
import { toast } from "../../components/toasts";
import { formatFull } from "../../lib/time";
import { useReplay } from "./queries";

const TONES: Record<Delivery["state"], Tone> = { waiting: "warn", delivered: "ok", dead: "danger" };

type Props = { webhook: number; delivery: Delivery };

/** One delivery: what, when, how it went; it can be sent again. */
export function DeliveryRow({ webhook, delivery }: Props) {
  const { t, i18n } = useTranslation();
  const replay = useReplay(webhook);
  const facts = [
    formatFull(delivery.created_at, i18n.language),
    t("deliveries.attempts", { count: delivery.attempts }),
    delivery.status_code && `HTTP ${delivery.status_code}`,
    delivery.duration_ms != null && `${delivery.duration_ms} ms`,
    delivery.error,
  ];
  return (
    <Row
      title={
        <>
          <span className="font-mono text-[0.8125rem]">{delivery.event}</span>
          <span className="text-xs font-normal text-muted">#{delivery.cursor}</span>
          <Badge tone={TONES[delivery.state]}>{t(`deliveries.${delivery.state}`)}</Badge>
        </>
      }
      about={facts.filter(Boolean).join(" · ")}
    >
      <Button
        size="sm"
        busy={replay.isPending}
        onClick={() =>
          replay.mutate(delivery.id, {
            onSuccess: () => toast(t("deliveries.replayed")),
            onError: (error) => toast(explain(error, t), "danger"),
          })
        }
      >
        <RotateCcw aria-hidden />
        {t("deliveries.replay")}
      </Button>
    </Row>
  );
}
