import type { Tag } from "../../api/types";
import { TagDot } from "../../components/TagDot";

const SHOWN_MAX = 2;

/** The tags of a conversation in a list: the first by name, the others counted. */
export function TagMarks({ tags }: { tags: Tag[] }) {
  const more = tags.slice(SHOWN_MAX);
  return (
    <span className="ml-auto inline-flex max-w-7/10 shrink-0 items-center gap-2">
      {tags.slice(0, SHOWN_MAX).map((tag) => (
        <span key={tag.id} className="inline-flex min-w-0 max-w-24 items-center gap-1">
          <TagDot color={tag.color} />
          <span className="truncate">{tag.name}</span>
        </span>
      ))}
      {more.length > 0 && (
        <span title={more.map((tag) => tag.name).join(", ")}>+{more.length}</span>
      )}
    </span>
  );
}
