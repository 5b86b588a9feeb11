//! Releases of the bots' models.

/// `metrics` and `evaluation` are JSON. The last number of an account is kept
/// apart, so that none is given twice.
pub(super) const UP: &str = "
CREATE TABLE release (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    progress {small} NOT NULL,
    step TEXT NOT NULL,
    data_hash TEXT NOT NULL,
    metrics TEXT,
    evaluation TEXT,
    error TEXT,
    created_by BIGINT,
    created_at BIGINT NOT NULL,
    released_at BIGINT
);
CREATE UNIQUE INDEX release_by_number ON release (account_id, number);
CREATE UNIQUE INDEX release_in_use ON release (account_id) WHERE state = 'released';

CREATE TABLE release_number (
    account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
    last BIGINT NOT NULL
);
";
