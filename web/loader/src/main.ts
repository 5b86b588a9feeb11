/**
 * The script that a company pastes into its page:
 * `<script src="https://chat.example/loader.js" data-inbox="KEY" data-locale="zh" defer></script>`.
 *
 * It puts a button and, when wanted, a frame on the page, and offers `window.Attune`. It holds no token,
 * reads nothing of the page but its own tag, and talks to its own frame only. When it is ready it fires
 * `attune:ready` at the window.
 */
import { pickLocale } from "@attune/shared/locales";
import en from "../../shared/locales/en/loader.json";
import zh from "../../shared/locales/zh/loader.json";

import { type Attune, createAttune, type Memory } from "./attune.ts";
import { readOptions } from "./options.ts";
import { createView } from "./view.ts";

declare global {
  interface Window {
    Attune?: Attune;
  }
}

const memory: Memory = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // A page without storage merely loads its frame later.
    }
  },
};

function start(script: HTMLScriptElement | null): void {
  if (window.Attune) return;
  const language = document.documentElement.lang || navigator.language;
  const options = readOptions(script, language);
  if (!options) return;
  const sentences = pickLocale(options.locale) === "en" ? en : zh;
  const view = createView(document, options.side, sentences);
  window.Attune = createAttune(window, options, view, memory);
  window.dispatchEvent(new Event("attune:ready"));
}

const script = (document.currentScript ??
  document.querySelector("script[data-inbox]")) as HTMLScriptElement | null;

if (document.body) start(script);
else document.addEventListener("DOMContentLoaded", () => start(script), { once: true });
