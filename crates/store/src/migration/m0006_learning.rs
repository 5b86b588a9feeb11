//! What bots learn from what contacts say: the review queue, and trials.

pub(super) const UP: &str = "
CREATE TABLE review_item (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    text_hash {blob} NOT NULL,
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    reason TEXT NOT NULL,
    predicted TEXT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    release_id BIGINT,
    suggested TEXT,
    seen BIGINT NOT NULL,
    usefulness BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_intent TEXT,
    decided_by BIGINT,
    decided_at BIGINT,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX review_item_by_text ON review_item (account_id, text_hash);
CREATE INDEX review_item_by_usefulness ON review_item (account_id, state, usefulness, id);
CREATE INDEX review_item_by_message ON review_item (account_id, conversation_id, seq);

CREATE TABLE trial (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    id BIGINT NOT NULL,
    release_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    share {small} NOT NULL,
    started_by BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    turns BIGINT NOT NULL,
    differed BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    answered_handoffs BIGINT NOT NULL,
    other_handoffs BIGINT NOT NULL
);

CREATE TABLE trial_difference (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    released_intent TEXT NOT NULL,
    released_probability DOUBLE PRECISION NOT NULL,
    tried_intent TEXT NOT NULL,
    tried_probability DOUBLE PRECISION NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX trial_difference_by_time ON trial_difference (account_id, created_at, id);
";
