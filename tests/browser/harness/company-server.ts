/** A company's own server, which passes on what its customers say in its app, as the guide tells it to. */
import { createHmac } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";

/** What is passed on, and to where. */
export interface PassedOn {
  address: string;
  secret: string;
  /** The company's own name for the message. */
  id: string;
  /** The company's own name for the person. */
  sub: string;
  text: string;
}

/** Signs it and sends it once. */
export async function passOn(
  request: APIRequestContext,
  { address, secret, id, sub, text }: PassedOn,
): Promise<{ status: number; message: { id: number; conversation_id: number } }> {
  const body = JSON.stringify({ contact: { sub }, text });
  const timestamp = Math.floor(Date.now() / 1000);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const answer = await request.post(address, {
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature}`,
    },
    data: Buffer.from(body),
  });
  return { status: answer.status(), message: await answer.json() };
}
