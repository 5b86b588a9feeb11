//! What must hold: the lines of the delivery contract, as predicates on one moment.

use stateright::Property;

use crate::{Delivery, State};

/// Line 1: an acknowledged message stands in the database under the acknowledged `seq`.
pub const ACKNOWLEDGED_IS_STORED: &str = "an acknowledged message is stored";
/// Line 2: a `client_id` has one row, and all its acknowledgements name its `seq`.
pub const ONE_CLIENT_ID_ONE_SEQ: &str = "one client_id has one seq";
/// Line 3: rows become visible as 1, 2, 3 …
pub const SEQS_ARE_CONTIGUOUS: &str = "seqs are contiguous in the order of commits";
/// Line 3: a sender's messages stand in the order of sending.
pub const SENDERS_ORDER_IS_KEPT: &str = "a sender's order is kept";
/// Line 4: what a subscriber got is the beginning of the log, without a gap or a repetition.
pub const SUBSCRIBERS_SEE_A_PREFIX: &str = "a subscriber sees a prefix of the log";
/// Line 5: queues and buffers stay within their limits.
pub const BUFFERS_ARE_BOUNDED: &str = "buffers are bounded";
/// Lines 1 and 7, in time: when only faults are left to happen, every sender is acknowledged.
pub const QUIET_MEANS_ACKNOWLEDGED: &str = "a quiet world has acknowledged everything";
/// Lines 4 and 8, in time: when only faults are left to happen, every subscriber has everything.
pub const QUIET_MEANS_DELIVERED: &str = "a quiet world has delivered everything";
/// The same as the checker understands it: every walk comes to acknowledge everything.
pub const EVENTUALLY_ACKNOWLEDGED: &str = "every sender is acknowledged in the end";
/// The same as the checker understands it: every walk comes to deliver everything.
pub const EVENTUALLY_DELIVERED: &str = "every subscriber has everything in the end";
/// The model is not empty: a subscriber gets everything although everything goes wrong.
pub const FAULTS_ARE_SURVIVED: &str = "all faults happen and everything arrives";

/// Lists the properties.
pub fn all() -> Vec<Property<Delivery>> {
    vec![
        Property::always(ACKNOWLEDGED_IS_STORED, |_, state| acknowledged_is_stored(state)),
        Property::always(ONE_CLIENT_ID_ONE_SEQ, |_, state| one_client_id_one_seq(state)),
        Property::always(SEQS_ARE_CONTIGUOUS, |_, state| seqs_are_contiguous(state)),
        Property::always(SENDERS_ORDER_IS_KEPT, |_, state| senders_order_is_kept(state)),
        Property::always(SUBSCRIBERS_SEE_A_PREFIX, |_, state| subscribers_see_a_prefix(state)),
        Property::always(BUFFERS_ARE_BOUNDED, buffers_are_bounded),
        Property::always(QUIET_MEANS_ACKNOWLEDGED, |model, state| {
            all_acknowledged(state) || !is_quiet(model, state)
        }),
        Property::always(QUIET_MEANS_DELIVERED, |model, state| {
            all_delivered(state) || !is_quiet(model, state)
        }),
        Property::eventually(EVENTUALLY_ACKNOWLEDGED, |_, state| all_acknowledged(state)),
        Property::eventually(EVENTUALLY_DELIVERED, |_, state| {
            all_acknowledged(state) && all_delivered(state)
        }),
        Property::sometimes(FAULTS_ARE_SURVIVED, |_, state: &State| {
            state.losses + state.doubles + state.cuts + state.crashes == 0
                && all_acknowledged(state)
                && all_delivered(state)
        }),
    ]
}

fn acknowledged_is_stored(state: &State) -> bool {
    (0u8..).zip(&state.senders).all(|(sender, it)| {
        (0u8..).zip(&it.acknowledged).all(|(message, acknowledged)| {
            acknowledged.is_none_or(|seq| {
                let is_it = |row: &crate::Row| (row.sender, row.message) == (sender, message);
                state.rows.iter().any(|row| row.seq == seq && is_it(row))
            })
        })
    })
}

fn one_client_id_one_seq(state: &State) -> bool {
    let repeats = state.rows.iter().enumerate().any(|(i, row)| {
        state.rows[..i].iter().any(|o| (o.sender, o.message) == (row.sender, row.message))
    });
    !repeats && !state.senders.iter().any(|sender| sender.contradicted)
}

fn seqs_are_contiguous(state: &State) -> bool {
    (1u8..).zip(&state.rows).all(|(seq, row)| row.seq == seq)
}

fn senders_order_is_kept(state: &State) -> bool {
    state.rows.iter().all(|row| {
        let later = state.rows.iter().filter(|o| o.sender == row.sender && o.message > row.message);
        later.into_iter().all(|later| later.seq > row.seq)
    })
}

fn subscribers_see_a_prefix(state: &State) -> bool {
    state.subscribers.iter().all(|it| {
        it.delivered.len() <= state.rows.len()
            && (1u8..).zip(&it.delivered).all(|(expected, seq)| *seq == expected)
    })
}

fn buffers_are_bounded(model: &Delivery, state: &State) -> bool {
    state.processes.iter().all(|it| it.queue.len() <= model.limits.queue_max)
        && state.subscribers.iter().all(|it| it.buffer.len() <= model.limits.buffer_max)
}

fn all_acknowledged(state: &State) -> bool {
    state.senders.iter().all(|sender| sender.is_done())
}

fn all_delivered(state: &State) -> bool {
    state.subscribers.iter().all(|it| it.delivered.len() == state.rows.len())
}

/// Tells whether nothing but a fault can happen.
fn is_quiet(model: &Delivery, state: &State) -> bool {
    let mut steps = Vec::new();
    model.steps(state, &mut steps);
    steps.is_empty()
}
