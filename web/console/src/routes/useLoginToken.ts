import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * Takes the token of a one-time link out of the address, so that neither the
 * history nor a screenshot keeps it. It travels behind `#`, which no server
 * and no log sees.
 */
export function useLoginToken(): string | undefined {
  const { hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState<string>();
  useEffect(() => {
    const next = new URLSearchParams(hash).get("token");
    if (!next) return;
    setToken(next);
    navigate({ to: "/login", search: true, hash: "", replace: true });
  }, [hash, navigate]);
  return token;
}
