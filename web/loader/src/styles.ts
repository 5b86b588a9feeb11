/**
 * The look of button and frame, inside a shadow root: the page's rules do not reach in, ours do not
 * leak out. Given to the document as a constructed sheet, so a strict style-src is no obstacle.
 */

/** The rules of the shadow root. */
export const STYLES = `
:host{all:initial;position:fixed;z-index:2147483000;inset:auto 0 0 auto}
:host([data-side=left]){inset:auto auto 0 0}
button{all:unset;box-sizing:border-box;position:fixed;bottom:max(20px,env(safe-area-inset-bottom));right:20px;width:56px;height:56px;border-radius:50%;cursor:pointer;display:grid;place-items:center;color:#fff;background:#0b6e5b;box-shadow:0 6px 20px rgb(8 48 38/.32),0 1px 4px rgb(8 48 38/.2);transition:transform .18s,background .18s;-webkit-tap-highlight-color:transparent}
:host([data-side=left]) button{right:auto;left:20px}
button:hover{background:#095b4b;transform:translateY(-1px)}
button:active{transform:scale(.96)}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #0b6e5b}
svg{grid-area:1/1;width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round;transition:opacity .18s,transform .18s}
svg+svg,.open svg{opacity:0;transform:rotate(-45deg) scale(.6)}
.open svg+svg{opacity:1;transform:none}
b{all:unset;position:absolute;top:-3px;right:-3px;box-sizing:border-box;min-width:22px;height:22px;padding:0 6px;border:2px solid #fff;border-radius:11px;background:#c2361f;color:#fff;font:600 12px/18px system-ui,sans-serif;text-align:center}
b[hidden]{display:none}
iframe{position:fixed;bottom:92px;right:20px;width:400px;max-width:calc(100vw - 40px);height:min(700px,calc(100vh - 116px));border:0;border-radius:18px;color-scheme:auto;background:transparent;box-shadow:0 16px 56px rgb(16 32 24/.24),0 2px 10px rgb(16 32 24/.12);opacity:0;visibility:hidden;transform:translateY(12px) scale(.98);transform-origin:100% 100%;transition:opacity .2s,transform .2s,visibility 0s .2s}
:host([data-side=left]) iframe{right:auto;left:20px;transform-origin:0 100%}
iframe.open{opacity:1;visibility:visible;transform:none;transition:opacity .2s,transform .2s}
@media (max-width:480px),(max-height:480px){
iframe{inset:0!important;width:100%;max-width:none;height:100%;border-radius:0}
button.open{display:none}}
@media (prefers-reduced-motion:reduce){button,svg,iframe{transition:none!important}}
@media print{:host{display:none}}`;

/** Where the frame takes the whole screen. */
export const FULL_SCREEN = "(max-width:480px),(max-height:480px)";

/** Gives the rules to a shadow root. */
export function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = STYLES;
    root.append(style);
  }
}
