//! What people and bots can do at the desk.
