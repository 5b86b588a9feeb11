//! Discoveries in tables of past conversations, and which messages the review queue has counted.

/// `past` is JSON: what is looked at, while it is. With it `days` is 0, for it has none.
///
/// A sighting is a message that was counted for an item. Of those that were counted before,
/// only the last of each item is known.
pub(super) const UP: &str = "
ALTER TABLE discovery ADD COLUMN past TEXT;

CREATE TABLE review_sighting (
    account_id BIGINT NOT NULL REFERENCES account (id),
    conversation_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    item_id BIGINT NOT NULL REFERENCES review_item (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, conversation_id, seq)
) {clustered};
CREATE INDEX review_sighting_by_item ON review_sighting (item_id);
INSERT INTO review_sighting (account_id, conversation_id, seq, item_id)
    SELECT account_id, conversation_id, seq, MIN(id) FROM review_item
    GROUP BY account_id, conversation_id, seq;
";
