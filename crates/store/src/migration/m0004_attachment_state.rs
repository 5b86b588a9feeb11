//! Whether a file may be handed out: files of older releases may.

pub(super) const UP: &str = "
ALTER TABLE attachment ADD COLUMN state TEXT NOT NULL DEFAULT 'clean';
";
