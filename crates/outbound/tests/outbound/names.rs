//! Names that lead where a test wants, and clients that ask them.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use outbound::{Client, Policy, Resolver, Resolving};

use crate::listener::Listener;

/// A public address that no test ever connects to.
pub(crate) const PUBLIC: &str = "93.184.215.14";

/// Answers from a table. A name with several answers gives them in turn, round and round.
#[derive(Default)]
pub(crate) struct Names {
    answers: HashMap<String, Vec<Vec<IpAddr>>>,
    fallback: Option<IpAddr>,
    asked: Mutex<HashMap<String, usize>>,
}

impl Names {
    /// Knows no name.
    pub(crate) fn none() -> Self {
        Names::default()
    }

    /// Answers every name with the same address.
    pub(crate) fn all(address: &str) -> Self {
        Names { fallback: Some(address.parse().unwrap()), ..Names::default() }
    }

    /// Adds an answer for `name`: addresses separated by commas.
    pub(crate) fn with(mut self, name: &str, addresses: &str) -> Self {
        let answer = addresses.split(',').map(|a| a.parse().unwrap()).collect();
        self.answers.entry(name.to_owned()).or_default().push(answer);
        self
    }

    /// How often `name` was asked for.
    pub(crate) fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().get(name).copied().unwrap_or(0)
    }

    fn answer(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut asked = self.asked.lock().unwrap();
        let times = asked.entry(name.to_owned()).or_default();
        *times += 1;
        match (self.answers.get(name), self.fallback) {
            (Some(turns), _) => Ok(turns[(*times - 1) % turns.len()].clone()),
            (None, Some(address)) => Ok(vec![address]),
            (None, None) => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }
}

impl Resolver for Names {
    fn resolve<'a>(&'a self, host: &'a str) -> Resolving<'a> {
        Box::pin(std::future::ready(self.answer(host)))
    }
}

/// A policy with plain HTTP, which reaches these listeners and otherwise only what is public.
pub(crate) fn policy(reachable: &[&Listener]) -> Policy {
    let allow_private =
        reachable.iter().map(|listener| listener.address.to_string().parse().unwrap()).collect();
    Policy { allow_http: true, allow_private, ..Policy::default() }
}

pub(crate) fn client(policy: Policy, names: Names) -> Client {
    Client::new(policy, Arc::new(names)).unwrap()
}
