//! Requests that are known when they come again.

/// Keys and requests are hashes. Without a status, no answer is kept.
pub(super) const UP: &str = "
CREATE TABLE idempotent_request (
    account_id BIGINT NOT NULL,
    agent_id BIGINT NOT NULL,
    key_hash {blob} NOT NULL,
    request_hash {blob} NOT NULL,
    status {small},
    body {blob},
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, agent_id, key_hash)
);

CREATE INDEX idempotent_request_created_at ON idempotent_request (created_at);
";
