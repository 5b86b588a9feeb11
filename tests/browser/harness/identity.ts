/** Signs who a visitor is, as a company's server would. */
import { createHmac, type KeyObject, randomUUID, sign } from "node:crypto";

/** What a company says of its user. */
export interface Claims {
  sub: string;
  name?: string;
  email?: string;
  phone?: string;
}

const LIFETIME_S = 600;

/** A JSON Web Token (HS256) for an inbox. */
export function signedIdentity(inboxKey: string, secret: string, claims: Claims): string {
  const now_s = Math.floor(Date.now() / 1000);
  const payload = { ...claims, aud: inboxKey, iat: now_s, exp: now_s + LIFETIME_S, jti: randomUUID() };
  const signed = [{ alg: "HS256", typ: "JWT" }, payload].map(encode).join(".");
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** The same, signed with the company's own P-256 key. */
export function ownIdentity(inboxKey: string, key: KeyObject, claims: Claims): string {
  const now_s = Math.floor(Date.now() / 1000);
  const payload = { ...claims, aud: inboxKey, iat: now_s, exp: now_s + LIFETIME_S };
  const signed = [{ alg: "ES256", typ: "JWT" }, payload].map(encode).join(".");
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
