//! Walks through a larger world than the tests have time for; run it when the design of delivery
//! changes: `cargo run -p model --example deep`.

use std::io::{self, Write as _};

use model::{Bug, Delivery, Limits, State};
use stateright::{Checker, Model};

fn main() -> io::Result<()> {
    let limits = Limits {
        messages: vec![2, 1],
        subscribers: 1,
        queue_max: 2,
        buffer_max: 1,
        losses: 0,
        doubles: 1,
        cuts: 1,
        crashes: 1,
    };
    let model = Delivery { limits, bug: Bug::None };
    let checker = model.checker().symmetry_fn(State::representative).spawn_dfs().join();

    checker.assert_properties();
    let (all, distinct) = (checker.state_count(), checker.unique_state_count());
    writeln!(io::stdout(), "{distinct} distinct states, {all} steps, {} deep", checker.max_depth())
}
