import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Input } from "../../components/Input";
import type { ExampleFilter } from "./queries";

/** Asks for examples with some words in them; the answer has an address of its own. */
export function ExampleSearch({ filter }: { filter: ExampleFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: "/training/examples" });
  const [text, setText] = useState(filter.q ?? "");
  return (
    <search className="min-w-0 flex-1 basis-56">
      <form
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          navigate({ search: { ...filter, q: text.trim() || undefined } });
        }}
      >
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
        />
        <Input
          type="search"
          aria-label={t("examples.search")}
          placeholder={t("examples.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="pl-9"
        />
      </form>
    </search>
  );
}
