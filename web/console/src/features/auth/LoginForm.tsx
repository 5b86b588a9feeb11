import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Input } from "../../components/Input";
import { Problem } from "../../components/Problem";
import { useLogin } from "./queries";

/** Asks for e-mail address and password. */
export function LoginForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const login = useLogin();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        login.mutate({ email: email.trim(), password }, { onSuccess: onDone });
      }}
    >
      <Field label={t("login.email")}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label={t("login.password")}>
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Problem error={login.error} />
      <Button type="submit" variant="primary" className="mt-1 h-10 w-full" busy={login.isPending}>
        {t("login.signIn")}
      </Button>
    </form>
  );
}
