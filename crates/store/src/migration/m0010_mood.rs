//! How the contact of a conversation feels.

/// JSON, and nothing while the mood is calm.
pub(super) const UP: &str = "
ALTER TABLE conversation ADD COLUMN mood TEXT;
";
