//! Public keys with which companies sign their visitors' identities.

pub(super) const UP: &str = "
ALTER TABLE inbox ADD COLUMN identity_public_key TEXT NOT NULL DEFAULT '';
";
