//! What is found in whole sentences.

mod table;
