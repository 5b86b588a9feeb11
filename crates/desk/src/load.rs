//! Whether the desk has much to do: followers that nobody waits for do little then.

use std::time::Instant;

use domain::Result;
use store::Reader;

/// How many events a second mean that the desk has much to do.
const BUSY_EVENTS_PER_S: f64 = 1_000.0;

/// How fast the logs grow.
#[derive(Default)]
pub(crate) struct Load {
    last: Option<(Instant, i64)>,
}

impl Load {
    /// Looks how long all logs are now, and tells whether the desk is busy. The
    /// reader is nobody's.
    pub(crate) async fn look(&mut self, nobody: &Reader) -> Result<bool> {
        let logs = store::account::cursors(nobody).await?;
        Ok(self.is_busy(Instant::now(), logs.iter().map(|(_, cursor)| cursor).sum()))
    }

    /// Forgets how long they were: there was nothing to do.
    pub(crate) fn forget(&mut self) {
        self.last = None;
    }

    fn is_busy(&mut self, now: Instant, events: i64) -> bool {
        let before = self.last.replace((now, events));
        before.is_some_and(|(then, earlier)| {
            let seconds = now.duration_since(then).as_secs_f64().max(0.001);
            (events - earlier) as f64 / seconds > BUSY_EVENTS_PER_S
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_desk_is_busy_when_its_logs_grow_fast() {
        let (mut load, start) = (Load::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);

        assert!(!load.is_busy(start, 5_000_000), "nothing is known yet");
        assert!(load.is_busy(after(1), 5_008_000));
        assert!(!load.is_busy(after(2), 5_008_900));
        assert!(!load.is_busy(after(12), 5_018_000));
    }
}
