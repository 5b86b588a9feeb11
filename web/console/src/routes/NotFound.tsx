import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";

import { EmptyState } from "../components/EmptyState";

/** What an address shows that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="flex h-full flex-1 items-center justify-center bg-canvas">
      <EmptyState
        icon={Compass}
        title={t("notFound.title")}
        action={
          <Link to="/conversations" className="font-medium text-accent-ink hover:underline">
            {t("notFound.home")}
          </Link>
        }
      >
        {t("notFound.text")}
      </EmptyState>
    </div>
  );
}
