/** A company: its site, its inbox, and the secret with which it signs who its users are. */
import { randomUUID } from "node:crypto";

import type { Api } from "./api.ts";
import { type Claims, signedIdentity } from "./identity.ts";
import { Site } from "./site.ts";
import type { Locale } from "./words.ts";

/** How a company differs from the usual. */
interface Wishes {
  /** The name of its site's host, which must lead to this machine. */
  host?: string;
  locale?: Locale;
  greeting?: string;
  /** Whether a bot answers first. */
  bot?: boolean;
}

/** One company; its site must be removed. */
export class Company {
  private constructor(
    readonly name: string,
    readonly site: Site,
    readonly inbox: number,
    readonly key: string,
    private readonly secret: string,
  ) {}

  /** Opens its site, with the widget of an inbox of its own on it. */
  static async open(api: Api, widget: string, wishes: Wishes = {}): Promise<Company> {
    const { host, locale = "en", greeting = "Hello", bot = false } = wishes;
    const site = await Site.open(host);
    const name = `company ${randomUUID()}`;
    const inbox = await api.post<{ id: number; key: string }>("/inboxes", {
      name,
      language: locale,
      greeting,
      allowed_origins: [site.origin],
      bot,
    });
    const { secret } = await api.post<{ secret: string }>(`/inboxes/${inbox.id}/rotate-secret`);
    site.embed(widget, inbox.key, locale);
    return new Company(name, site, inbox.id, inbox.key, secret);
  }

  /** Signs who somebody is. */
  sign(claims: Claims): string {
    return signedIdentity(this.key, this.secret, claims);
  }

  /** Signs as somebody who does not know the company's secret, or uses this one for another inbox. */
  signFor(inboxKey: string, claims: Claims): string {
    return signedIdentity(inboxKey, this.secret, claims);
  }
}
