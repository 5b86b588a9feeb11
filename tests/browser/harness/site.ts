/** A company's own page on an origin of its own, with the widget on it. */
import { createServer, type Server } from "node:http";

import type { Locale } from "./words.ts";

/** One site; it must be removed. */
export class Site {
  private page = "";
  private headers: Record<string, string> = {};

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** Serves an empty page on a free port, under a name that leads to this machine. */
  static async open(name = "127.0.0.1"): Promise<Site> {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { "content-type": "text/html; charset=utf-8", ...site.headers });
      answer.end(site.page);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the site has no address");
    const site = new Site(server, `http://${name}:${address.port}`);
    return site;
  }

  /** Puts the widget of an inbox on the page, as its owner would paste it. */
  embed(attune: string, inbox: string, locale: Locale): void {
    this.page = `<!doctype html><html lang="${locale}"><meta charset="utf-8"><title>${inbox}</title>
<link rel="icon" href="data:,"><h1>${inbox}</h1>
<script src="${attune}/loader.js" data-inbox="${inbox}" data-locale="${locale}" defer></script></html>`;
  }

  /** Serves a page of the test's own. */
  show(page: string): void {
    this.page = page;
  }

  /** Sends a content security policy with the page from now on. */
  protect(policy: string): void {
    this.headers = { "content-security-policy": policy };
  }

  /** Takes the site away. */
  async remove(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
