import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Delivery } from "../../api/types";
import { Select } from "../../components/Select";
import { DELIVERY_STATES } from "./queries";

/** Narrows the log to deliveries in one state; the choice stands in the URL. */
export function DeliveryFilter({ state }: { state: Delivery["state"] | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/settings/webhooks/$id" });
  return (
    <Select
      aria-label={t("deliveries.filter")}
      className="w-40"
      value={state ?? ""}
      onChange={(event) =>
        navigate({
          search: { state: DELIVERY_STATES.find((each) => each === event.target.value) },
        })
      }
    >
      <option value="">{t("deliveries.every")}</option>
      {DELIVERY_STATES.map((each) => (
        <option key={each} value={each}>
          {t(`deliveries.${each}`)}
        </option>
      ))}
    </Select>
  );
}
