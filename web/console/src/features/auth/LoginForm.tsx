import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { Problem } from "../../components/Problem";
import { TextField } from "../../components/TextField";
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
      <TextField
        label={t("login.email")}
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={setEmail}
      />
      <TextField
        label={t("login.password")}
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
      />
      <Problem error={login.error} />
      <Button type="submit" variant="primary" className="mt-1 h-10 w-full" busy={login.isPending}>
        {t("login.signIn")}
      </Button>
    </form>
  );
}
