//! How much a contact may say now, counted by all processes together.

/// Nothing where one process counts alone.
pub(super) const UP: &str = "
ALTER TABLE conversation ADD COLUMN messages_full_at BIGINT;
";
