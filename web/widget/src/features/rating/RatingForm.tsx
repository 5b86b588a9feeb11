/** Asks how it was, once a conversation is resolved. */
import { useId, useState } from "preact/hooks";

import { useSpeech } from "../../i18n.ts";
import { Face } from "../../icons.tsx";

const SCORES = [1, 2, 3, 4, 5] as const;
const COMMENT_CHARS_MAX = 1_000;

/** Five faces and a comment. */
export function RatingForm({ onRate }: { onRate: (score: number, comment: string) => void }) {
  const { t } = useSpeech();
  const [score, setScore] = useState<(typeof SCORES)[number] | null>(null);
  const [comment, setComment] = useState("");
  const id = useId();
  const submit = (event: Event) => {
    event.preventDefault();
    if (score !== null) onRate(score, comment.trim());
  };
  return (
    <form class="card rating" aria-labelledby={`${id}-title`} onSubmit={submit}>
      <h2 id={`${id}-title`}>{t("rating.title")}</h2>
      <div class="faces" role="radiogroup" aria-label={t("rating.scale")}>
        {SCORES.map((one) => (
          <label
            key={one}
            class={`face score-${one} ${score === one ? "chosen" : ""}`}
            title={t(`rating.score_${one}`)}
          >
            <input
              type="radio"
              name={`${id}-score`}
              value={one}
              checked={score === one}
              aria-label={t(`rating.score_${one}`)}
              onChange={() => setScore(one)}
            />
            <Face score={one} />
          </label>
        ))}
      </div>
      <p class="face-word" aria-hidden="true">
        {score === null ? "\u00a0" : t(`rating.score_${score}`)}
      </p>
      {score !== null && (
        <>
          <textarea
            rows={2}
            maxLength={COMMENT_CHARS_MAX}
            value={comment}
            aria-label={t("rating.comment")}
            placeholder={t("rating.comment")}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button type="submit" class="button primary">
            {t("action.submit")}
          </button>
        </>
      )}
    </form>
  );
}

/** Thanks for a score that was just given. */
export function RatingThanks({ score }: { score: number }) {
  const { t } = useSpeech();
  const known = SCORES.find((one) => one === score);
  return (
    <div class={`card thanks score-${score}`}>
      <Face score={score} />
      <div>
        <strong>{t("rating.thanks")}</strong>
        {known && <p>{t("rating.yours", { score: t(`rating.score_${known}`) })}</p>}
      </div>
    </div>
  );
}
