//! The nouns and rules of the help desk.
