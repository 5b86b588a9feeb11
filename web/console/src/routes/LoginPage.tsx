import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { Logo } from "../components/Logo";
import { LoginForm } from "../features/auth/LoginForm";
import { LoginLink } from "../features/auth/LoginLink";
import { LanguageButton } from "./LanguageButton";
import { useLoginToken } from "./useLoginToken";

const route = getRouteApi("/login");

/** Where one signs in, by password or by a one-time link. */
export function LoginPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { next } = route.useSearch();
  const token = useLoginToken();
  const enter = useCallback(() => {
    // Nothing of whoever was signed in before; the used link stays, or it would be tried again.
    cache.removeQueries({ predicate: ({ queryKey }) => queryKey[1] !== "login-link" });
    navigate({ href: next ?? "/conversations", replace: true });
  }, [cache, navigate, next]);

  return (
    <div className="flex min-h-full flex-col bg-canvas">
      <header className="flex justify-end p-4">
        <LanguageButton />
      </header>
      <main className="flex flex-1 flex-col items-center justify-center px-4 pb-24">
        <div className="w-full max-w-sm">
          <div className="mb-8 text-center">
            <Logo className="mx-auto size-12" />
            <h1 className="mt-4 text-2xl font-semibold text-ink">{t("login.title")}</h1>
            <p className="mt-1.5 text-sm text-muted">{t("login.about")}</p>
          </div>
          <div className="rounded-2xl border border-line bg-surface p-6 shadow-sm sm:p-7">
            {token && <LoginLink token={token} onDone={enter} />}
            <LoginForm onDone={enter} />
          </div>
        </div>
      </main>
    </div>
  );
}
