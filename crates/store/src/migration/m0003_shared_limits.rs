//! Limits that hold for all processes together.

/// Subjects are hashes. The times of attempts are milliseconds since 1970, the
/// newest first; `full_at` is in microseconds.
pub(super) const UP: &str = "
CREATE TABLE sign_in_attempt (
    subject {blob} NOT NULL PRIMARY KEY,
    at_1 BIGINT NOT NULL,
    at_2 BIGINT,
    at_3 BIGINT,
    at_4 BIGINT,
    at_5 BIGINT
);

CREATE TABLE quota (
    subject {blob} NOT NULL PRIMARY KEY,
    full_at BIGINT NOT NULL
);
";
