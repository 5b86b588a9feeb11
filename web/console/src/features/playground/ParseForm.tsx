import { neutralise } from "@attune/shared/text";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Parsed } from "../../api/types";
import { Button } from "../../components/Button";
import { Card } from "../../components/Card";
import { Problem } from "../../components/Problem";
import { TextareaField } from "../../components/TextareaField";
import { useParse } from "./queries";

/** What was asked, and what came back. */
export type Answer = { text: string; parsed: Parsed };

type Props = {
  /** The release to ask; the one in use if absent. */
  release: number | undefined;
  /** Chooses the release. */
  choice: ReactNode;
  onAnswer: (answer: Answer) => void;
};

/** Takes a text and asks a release what it makes of it. */
export function ParseForm({ release, choice, onAnswer }: Props) {
  const { t } = useTranslation();
  const parse = useParse();
  const [text, setText] = useState("");
  const submit = () => {
    // Without what the server takes out as well, so that places in its answer are places in this text.
    const asked = neutralise(text).trim();
    if (asked === "" || parse.isPending) return;
    parse.mutate(
      { text: asked, ...(release !== undefined && { release_id: release }) },
      { onSuccess: (parsed) => onAnswer({ text: asked, parsed }) },
    );
  };
  return (
    <Card className="mb-5 p-4">
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextareaField
          label={t("playground.text")}
          hint={t("playground.textHint")}
          required
          maxLength={4000}
          value={text}
          onChange={setText}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        <Problem error={parse.error} />
        <div className="flex flex-wrap items-end justify-between gap-3">
          {choice}
          <Button type="submit" variant="primary" busy={parse.isPending}>
            {t("playground.ask")}
          </Button>
        </div>
      </form>
    </Card>
  );
}
