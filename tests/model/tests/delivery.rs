//! Walks through the modelled world: the design keeps the contract, and each planted bug breaks it.

#![expect(clippy::print_stdout, reason = "the walks and the sizes of the worlds are worth reading")]

use std::collections::{BTreeSet, HashMap};

use model::{Action, Bug, Delivery, Limits, State, properties as promise};
use stateright::{Checker, HasDiscoveries, Model};

/// Two senders on a bad link to two processes: lines 1 to 3. A cut loses frames, too; single
/// losses come in [`small`].
fn sending() -> Limits {
    Limits {
        messages: vec![2, 1],
        subscribers: 0,
        queue_max: 2,
        buffer_max: 1,
        losses: 0,
        doubles: 1,
        cuts: 1,
        crashes: 1,
    }
}

/// A subscriber that may be slow, may be cut and may lose its process: lines 4 and 5.
fn reading() -> Limits {
    Limits { messages: vec![1, 2], subscribers: 1, doubles: 0, ..sending() }
}

/// Two subscribers, so that a slow one stands beside a quick one.
fn reading_together() -> Limits {
    Limits { messages: vec![2], subscribers: 2, ..reading() }
}

/// More senders than a queue has room for.
fn crowded() -> Limits {
    Limits { messages: vec![1, 1, 1], queue_max: 1, doubles: 0, cuts: 0, ..sending() }
}

/// Two senders and a subscriber.
fn everything() -> Limits {
    Limits { messages: vec![1, 1], subscribers: 1, ..sending() }
}

/// One sender and one subscriber, with every fault: small enough to remember every state.
fn small() -> Limits {
    Limits { messages: vec![2], subscribers: 1, losses: 1, ..sending() }
}

/// Walks through the whole world of `limits`; nothing may be found but what must be possible.
fn keeps_the_contract(name: &str, limits: Limits) {
    let model = Delivery { limits, bug: Bug::None };
    let checker = model.checker().symmetry_fn(State::representative).spawn_dfs().join();

    checker.assert_properties();
    let (all, distinct) = (checker.state_count(), checker.unique_state_count());
    println!("{name}: {distinct} distinct states, {all} steps, {} deep", checker.max_depth());
}

/// Searches until a walk is found that breaks `expected`, a short one.
fn breaks(bug: Bug, limits: Limits, expected: &'static str) {
    let model = Delivery { limits, bug };
    let found = HasDiscoveries::AnyOf(BTreeSet::from([expected]));
    let checker = model.checker().finish_when(found).spawn_bfs().join();

    let walk = checker.assert_any_discovery(expected);
    println!("{bug:?}: {expected:?} breaks in {} steps", walk.clone().into_actions().len());
    for action in walk.into_actions() {
        println!("    {action:?}");
    }
}

/// Searches for a walk that comes back to where it was, and returns the steps of the circle.
///
/// In a world without one, every walk ends, and what holds at the ends holds in the end.
fn circle(model: &Delivery) -> Option<Vec<Action>> {
    // Where a state stands on the present walk, or `None` when all that follows it was walked.
    let mut seen: HashMap<State, Option<usize>> = HashMap::new();
    let start = model.init_states().remove(0);
    let mut walk = vec![(start.clone(), model.next_steps(&start), None)];
    seen.insert(start, Some(0));
    while let Some((state, open, _)) = walk.last_mut() {
        let Some((action, next)) = open.pop() else {
            seen.insert(state.clone(), None);
            walk.pop();
            continue;
        };
        match seen.get(&next) {
            Some(Some(at)) => {
                let back = walk[at + 1..].iter().filter_map(|(_, _, action)| *action);
                return Some(back.chain([action]).collect());
            }
            Some(None) => {}
            None => {
                seen.insert(next.clone(), Some(walk.len()));
                let steps = model.next_steps(&next);
                walk.push((next, steps, Some(action)));
            }
        }
    }
    println!("{} states, no circle", seen.len());
    None
}

#[test]
fn sending_keeps_the_contract() {
    keeps_the_contract("sending", sending());
}

#[test]
fn reading_keeps_the_contract() {
    keeps_the_contract("reading", reading());
}

#[test]
fn reading_together_keeps_the_contract() {
    keeps_the_contract("reading together", reading_together());
}

#[test]
fn a_small_world_with_every_fault_keeps_the_contract() {
    keeps_the_contract("small", small());
}

#[test]
fn a_crowd_keeps_the_contract() {
    keeps_the_contract("a crowd", crowded());
}

#[test]
fn everything_together_keeps_the_contract() {
    keeps_the_contract("everything", everything());
}

#[test]
fn an_acknowledgement_before_the_commit_is_found() {
    breaks(Bug::AckBeforeCommit, sending(), promise::ACKNOWLEDGED_IS_STORED);
}

#[test]
fn publishing_own_commits_first_is_found() {
    breaks(Bug::PublishOwnFirst, reading(), promise::SUBSCRIBERS_SEE_A_PREFIX);
}

#[test]
fn a_missing_dedupe_is_found() {
    breaks(Bug::NoDedupe, sending(), promise::ONE_CLIENT_ID_ONE_SEQ);
}

#[test]
fn a_resume_by_clock_is_found() {
    breaks(Bug::ResumeByClock, reading(), promise::SUBSCRIBERS_SEE_A_PREFIX);
}

#[test]
fn a_missing_lock_is_found() {
    breaks(Bug::NoLock, sending(), promise::SEQS_ARE_CONTIGUOUS);
}

#[test]
fn a_slow_consumer_that_is_not_cut_off_is_found() {
    breaks(Bug::NoCutOff, reading(), promise::BUFFERS_ARE_BOUNDED);
}

#[test]
fn a_queue_without_back_pressure_is_found() {
    breaks(Bug::NoBackPressure, crowded(), promise::BUFFERS_ARE_BOUNDED);
}

#[test]
fn a_feed_that_never_polls_is_found() {
    breaks(Bug::NoPoll, reading(), promise::QUIET_MEANS_DELIVERED);
}

#[test]
fn a_repetition_without_an_acknowledgement_is_found_to_go_on_for_ever() {
    let model = Delivery { limits: small(), bug: Bug::NoAckForRepeats };

    let circle = circle(&model).expect("the sender repeats without end");

    println!("{:?}: {circle:?} comes again and again", model.bug);
    assert!(circle.iter().any(|action| matches!(action, Action::Send(..))));
}

#[test]
fn every_walk_ends() {
    let model = Delivery { limits: small(), bug: Bug::None };

    assert_eq!(circle(&model), None);
}

#[test]
fn events_that_are_not_compared_with_what_was_seen_are_found() {
    breaks(Bug::NoSkip, reading(), promise::SUBSCRIBERS_SEE_A_PREFIX);
}

#[test]
fn a_sender_that_does_not_wait_is_found_to_lose_its_order() {
    breaks(Bug::Impatient, sending(), promise::SENDERS_ORDER_IS_KEPT);
}
