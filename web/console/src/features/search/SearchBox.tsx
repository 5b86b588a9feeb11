import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Input } from "../../components/Input";

/** Asks what to search for; the answer is a page of its own, with its own address. */
export function SearchBox({ q }: { q: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [text, setText] = useState(q);
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          navigate({ to: "/search", search: { q: text.trim() } });
        }}
        className="relative"
      >
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted"
        />
        <Input
          type="search"
          aria-label={t("search.label")}
          placeholder={t("search.placeholder")}
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="h-11 rounded-xl pl-9 [&::-webkit-search-cancel-button]:hidden"
        />
      </form>
    </search>
  );
}
