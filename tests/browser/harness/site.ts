/** A company's own page on an origin of its own, with the widget on it. */
import { createServer, type Server } from "node:http";

import type { Locale } from "./words.ts";

/** One site; it must be removed. */
export class Site {
  private page = "";

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  /** Serves an empty page on a free port. */
  static async open(): Promise<Site> {
    const server = createServer((_, answer) => {
      answer.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      answer.end(site.page);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the site has no address");
    const site = new Site(server, `http://127.0.0.1:${address.port}`);
    return site;
  }

  /** Puts the widget of an inbox on the page, as its owner would paste it. */
  embed(attune: string, inbox: string, locale: Locale): void {
    this.page = `<!doctype html><html lang="${locale}"><meta charset="utf-8"><title>${inbox}</title>
<link rel="icon" href="data:,"><h1>${inbox}</h1>
<script src="${attune}/loader.js" data-inbox="${inbox}" data-locale="${locale}" defer></script></html>`;
  }

  /** Takes the site away. */
  async remove(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}
