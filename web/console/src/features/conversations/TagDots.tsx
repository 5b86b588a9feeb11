import type { Tag } from "../../api/types";
import { TagDot } from "../../components/TagDot";

/** The colours of a conversation's tags, small; their names for assistive technology. */
export function TagDots({ tags }: { tags: Tag[] }) {
  if (tags.length === 0) return null;
  return (
    <span
      className="ml-auto inline-flex shrink-0 items-center gap-1"
      title={tags.map((tag) => tag.name).join(", ")}
    >
      {tags.slice(0, 4).map((tag) => (
        <TagDot key={tag.id} color={tag.color} />
      ))}
      <span className="sr-only">{tags.map((tag) => tag.name).join(", ")}</span>
    </span>
  );
}
