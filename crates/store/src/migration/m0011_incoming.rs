//! What signs the messages that a company's own server passes on.

/// JSON, and nothing while the inbox takes none.
pub(super) const UP: &str = "
ALTER TABLE inbox ADD COLUMN incoming_secrets TEXT;
";
