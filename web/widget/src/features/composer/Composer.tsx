/** Where the visitor writes. */
import type { Attachment } from "@attune/shared/live";
import { characterCount } from "@attune/shared/text";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { useSpeech } from "../../i18n.ts";
import { Icon } from "../../icons.tsx";
import { UploadList } from "./UploadList.tsx";
import { useUploads } from "./uploads.ts";

/** The most that a message may hold. */
export const MESSAGE_CHARS_MAX = 4_000;
const COUNTER_FROM = 400;
const HEIGHT_PX_MAX = 132;

interface Props {
  disabled: boolean;
  /** Grows each time that the chat is opened: the text field takes the focus. */
  focusWish: number;
  onSay: (text: string, attachments: Attachment[]) => void;
  onTyping: () => void;
}

/** Text, files, and the button that sends them. */
export function Composer({ disabled, focusWish, onSay, onTyping }: Props) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const uploads = useUploads();
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();

  const left = MESSAGE_CHARS_MAX - characterCount(text.trim());
  const complete = uploads.list.some(({ attachment }) => attachment !== null);
  const sendable = !disabled && !uploads.busy && left >= 0 && (text.trim() !== "" || complete);

  useLayoutEffect(() => fitHeight(field.current), [text]);
  useLayoutEffect(() => {
    if (focusWish > 0 && matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, [focusWish]);

  const send = () => {
    if (!sendable) return;
    onSay(text.trim(), uploads.take());
    setText("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word; Safari only says so by key code 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229)
      return;
    event.preventDefault();
    send();
  };
  const addFiles = (files: FileList | undefined | null, event?: Event) => {
    if (!files?.length) return;
    event?.preventDefault();
    uploads.add(files);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => addFiles(event.dataTransfer?.files, event)}
    >
      <UploadList uploads={uploads} />
      <div class="composer-box">
        <button
          type="button"
          class="round plain"
          aria-label={t("composer.attach")}
          disabled={disabled}
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          onChange={(event) => {
            addFiles(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={field}
          rows={1}
          value={text}
          disabled={disabled}
          enterkeyhint="send"
          aria-label={t("composer.label")}
          aria-describedby={`${id}-hint`}
          aria-invalid={left < 0}
          placeholder={t("composer.prompt")}
          onKeyDown={onKeyDown}
          onPaste={(event) => addFiles(event.clipboardData?.files, event)}
          onInput={(event) => {
            setText(event.currentTarget.value);
            onTyping();
          }}
        />
        <button type="submit" class="round send" aria-label={t("action.send")} disabled={!sendable}>
          <Icon name="send" />
        </button>
      </div>
      <p id={`${id}-hint`} class="hidden">
        {t("composer.hint")}
      </p>
      <p class={`counter ${left < 0 ? "over" : ""}`} role="status">
        {left < 0 && t("composer.over", { count: -left })}
        {left >= 0 && left <= COUNTER_FROM && t("composer.left", { count: left })}
      </p>
    </form>
  );
}

function fitHeight(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, HEIGHT_PX_MAX)}px`;
}
