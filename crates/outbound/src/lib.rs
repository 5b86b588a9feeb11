//! The one HTTP client for addresses that somebody else chose, and the signatures of webhooks.
