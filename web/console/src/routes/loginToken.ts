/**
 * Takes the token of a one-time link out of the address, so that neither the
 * history nor a screenshot keeps it. It travels behind `#`, which no server
 * and no log sees.
 */
export function takeLoginToken(): string | undefined {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (!token) return;
  window.history.replaceState(window.history.state, "", window.location.pathname);
  return token;
}
