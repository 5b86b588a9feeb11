//! Keeps the desk in a SQL database: SQLite for one node, PostgreSQL for many.
//!
//! Each statement is written once, in the dialect that the two share. A module
//! per noun holds its statements as plain functions: those that read take a
//! [`Reader`], those that write a [`Tx`], so callers decide what belongs in one
//! transaction. Both are bound to an account and cannot be had without one.
//! There is no repository trait: the database is the only implementation, and
//! the tests use real ones.

mod alone;
mod migration;
mod reader;
mod sql;
mod store;
mod tx;
mod writer;

pub mod account;
pub mod agent;
pub mod attachment;
pub mod attempt;
pub mod blob;
pub mod canned_response;
pub mod contact;
pub mod conversation;
pub mod discovery;
pub mod event;
pub mod follower;
pub mod idempotency;
pub mod inbox;
pub mod job;
pub mod message;
pub mod note;
pub mod quota;
pub mod rating;
pub mod release;
pub mod review;
pub mod search;
pub mod session;
pub mod tag;
pub mod team;
pub mod trial;
pub mod visitor;
pub mod webhook;

pub use alone::Alone;
pub use event::Committed;
pub use reader::Reader;
pub use sql::Sql;
pub use store::{Backup, Opening, Store};
pub use tx::Tx;
