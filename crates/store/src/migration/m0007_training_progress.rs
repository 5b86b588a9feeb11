//! How far a training is, from within its steps.

pub(super) const UP: &str = "
ALTER TABLE release ADD COLUMN epoch {small};
ALTER TABLE release ADD COLUMN epochs {small};
ALTER TABLE release ADD COLUMN time_left_s BIGINT;
";
