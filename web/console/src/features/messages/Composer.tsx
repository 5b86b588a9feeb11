import { Paperclip, SendHorizontal } from "lucide-react";
import { Tabs } from "radix-ui";
import { type Ref, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Button } from "../../components/Button";
import { IconButton } from "../../components/IconButton";
import { Kbd } from "../../components/Kbd";
import { Problem } from "../../components/Problem";
import { cn } from "../../lib/cn";
import { CannedList } from "./CannedList";
import type { Canned } from "./canned";
import { DraftFiles } from "./DraftFiles";
import { attach, clearDraft, useDraft, writeDraft } from "./drafts";
import { useUpload } from "./files";
import { useSend } from "./sending";
import { useCannedChoice } from "./useCannedChoice";

type Props = {
  conversation: number;
  canned: Canned[];
  /** Fills the variables of a canned response. */
  renderCanned: (id: number) => Promise<string>;
  onTyping: () => void;
  field: Ref<HTMLTextAreaElement>;
};

/** As much as the server takes. */
const TEXT_CHARS_MAX = 4_000;

/** Where an agent writes: an answer to the contact, or a note for colleagues. */
export function Composer({ conversation, canned, renderCanned, onTyping, field }: Props) {
  const { t } = useTranslation();
  const draft = useDraft(conversation);
  const send = useSend(conversation);
  const upload = useUpload();
  const picker = useRef<HTMLInputElement>(null);
  const note = draft.kind === "note";
  const choice = useCannedChoice(note ? "" : draft.text, canned, async ({ id, text }) => {
    writeDraft(conversation, { text: await renderCanned(id).catch(() => text) });
  });
  const ready = draft.text.trim() !== "" || (!note && draft.attachments.length > 0);

  const submit = () => {
    if (!ready || upload.isPending) return;
    send({ ...draft, text: draft.text.trim(), attachments: note ? [] : draft.attachments });
    clearDraft(conversation);
  };
  const addFiles = async (files: Iterable<File>) => {
    for (const file of files) {
      await upload
        .mutateAsync(file)
        .then((attachment) => attach(conversation, attachment))
        // The reason is shown below the text.
        .catch(() => undefined);
    }
  };

  return (
    <Tabs.Root
      value={draft.kind}
      onValueChange={(kind) =>
        writeDraft(conversation, { kind: kind === "note" ? "note" : "text" })
      }
      className="relative shrink-0 border-t border-line bg-surface px-3 pt-2 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4"
    >
      {choice.open && (
        <div className="relative">
          <CannedList
            id={choice.id}
            items={choice.items}
            chosen={choice.chosen}
            onChoose={async ({ id, text }) =>
              writeDraft(conversation, { text: await renderCanned(id).catch(() => text) })
            }
          />
        </div>
      )}
      <Tabs.List aria-label={t("composer.kind")} className="mb-2 flex gap-1">
        {(["text", "note"] as const).map((kind) => (
          <Tabs.Trigger
            key={kind}
            value={kind}
            className={cn(
              "h-7 rounded-md px-2.5 text-[0.8125rem] font-medium text-muted hover:text-ink",
              kind === "note"
                ? "data-[state=active]:bg-warn-soft data-[state=active]:text-warn-ink"
                : "data-[state=active]:bg-accent-soft data-[state=active]:text-accent-ink",
            )}
          >
            {t(`composer.${kind}`)}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value={draft.kind} tabIndex={-1} className="outline-none">
        <div
          className={cn(
            "rounded-xl border border-control bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent",
            note &&
              "border-warn-ink/60 bg-warn-soft focus-within:border-warn-ink focus-within:ring-warn-ink",
          )}
        >
          <textarea
            ref={field}
            value={draft.text}
            maxLength={TEXT_CHARS_MAX}
            rows={2}
            aria-label={t(`composer.${kind(note)}`)}
            placeholder={t(`composer.${kind(note)}Hint`)}
            {...choice.field}
            onChange={(event) => {
              writeDraft(conversation, { text: event.target.value });
              if (!note) onTyping();
            }}
            onKeyDown={(event) => {
              if (choice.onKeyDown(event)) return;
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              submit();
            }}
            onPaste={(event) => {
              if (note || event.clipboardData.files.length === 0) return;
              event.preventDefault();
              addFiles(event.clipboardData.files);
            }}
            className="field-sizing-content block max-h-56 min-h-16 w-full resize-none bg-transparent px-3.5 pt-2.5 pb-1 text-sm leading-relaxed text-ink outline-none placeholder:text-muted max-sm:text-base"
          />
          {!note && <DraftFiles conversation={conversation} files={draft.attachments} />}
          <div className="flex items-center gap-1 px-2 pb-2">
            {!note && (
              <>
                <input
                  ref={picker}
                  type="file"
                  multiple
                  tabIndex={-1}
                  aria-hidden
                  className="hidden"
                  onChange={(event) => {
                    addFiles([...(event.target.files ?? [])]);
                    event.target.value = "";
                  }}
                />
                <IconButton
                  label={t("composer.attach")}
                  disabled={upload.isPending}
                  onClick={() => picker.current?.click()}
                >
                  <Paperclip aria-hidden />
                </IconButton>
                <span role="status" className="text-xs text-muted">
                  {upload.isPending && t("composer.uploading")}
                </span>
              </>
            )}
            <span className="ml-auto flex items-center gap-1 pr-2 text-xs text-muted max-sm:hidden">
              <Kbd>Ctrl</Kbd>
              <Kbd>Enter</Kbd>
            </span>
            <Button
              size="sm"
              variant="primary"
              className="ml-auto sm:ml-0"
              disabled={!ready || upload.isPending}
              onClick={submit}
            >
              <SendHorizontal aria-hidden />
              {t(note ? "composer.saveNote" : "composer.send")}
            </Button>
          </div>
        </div>
        <div className="empty:hidden mt-2">
          <Problem error={upload.error} />
        </div>
      </Tabs.Content>
    </Tabs.Root>
  );
}

function kind(note: boolean): "note" | "text" {
  return note ? "note" : "text";
}
