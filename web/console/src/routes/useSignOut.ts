import { useTranslation } from "react-i18next";

import { explain } from "../api/explain";
import { toast } from "../components/toasts";
import { useLogout } from "../features/auth/queries";

/** Signs out and loads the page anew, so that nothing of the desk stays in memory. */
export function useSignOut(): () => void {
  const { t } = useTranslation();
  const logout = useLogout();
  return () =>
    logout.mutate(undefined, {
      onSuccess: () => window.location.assign(`${import.meta.env.BASE_URL}login`),
      onError: (error) => toast(explain(error, t), "danger"),
    });
}
