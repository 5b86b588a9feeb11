//! What was discovered in what contacts said: the last discovery of each account.

/// `findings` is JSON; it names messages and holds none.
pub(super) const UP: &str = "
CREATE TABLE discovery (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    id BIGINT NOT NULL,
    state TEXT NOT NULL,
    days {small} NOT NULL,
    error TEXT,
    started_by BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    findings TEXT
);
";
