/** The line that a company pastes into its page. */
export function embedSnippet(origin: string, inbox: { key: string; language: string }): string {
  return `<script src="${attribute(origin)}/loader.js" data-inbox="${attribute(inbox.key)}" data-locale="${attribute(inbox.language)}" defer></script>`;
}

function attribute(value: string): string {
  return value.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
