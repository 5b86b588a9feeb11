//! The one HTTP client for addresses that somebody else chose, and the signatures of webhooks.
//!
//! A company types the address of its webhook, a page redirects, a document names an image: none of
//! these may lead the server to a machine that only the server can reach. So an address is parsed
//! once ([`Target`]), its name is resolved once ([`Resolver`]), *every* answer is held against the
//! [`Policy`], and the connection goes to an address that was checked; see [`Client`].
//!
//! The crate is not a general HTTP client: no proxies, no cookies, no credentials in URLs, no
//! unbounded bodies. It knows neither the database nor the clock; [`signature`] takes the time as
//! an argument.

mod body;
mod client;
mod error;
mod network;
mod pinned;
mod policy;
mod resolve;
pub mod signature;
mod target;
mod tls;

pub use client::{Client, Limits, Response};
pub use error::{Refusal, SendError, SetupError, USER_TEXT_EN, USER_TEXT_ZH};
pub use ipnet::IpNet;
pub use policy::{ExceptionError, Policy, PrivateException};
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
pub use resolve::{Resolver, Resolving, SystemResolver};
pub use target::Target;
