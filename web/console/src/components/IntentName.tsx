import type { TitleOf } from "../lib/intents";

/** What an intent is called, and its name in the bot's files. */
export function IntentName({ name, titleOf }: { name: string; titleOf: TitleOf }) {
  const title = titleOf(name);
  return (
    <span className="min-w-0 break-words">
      {title}
      {title !== name && <code className="ml-1.5 font-mono text-xs text-muted">{name}</code>}
    </span>
  );
}
