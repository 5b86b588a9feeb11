//! Kills servers at random points under load, again and again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use futures::future::{BoxFuture, FutureExt as _};
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use rand::Rng as _;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::agent::{self, Agent};
use crate::app::{self, User};
use crate::load::Load;
use crate::verify;
use crate::visitor::{self, Visitor};
use crate::world::World;

/// How many visitors write at the same time.
const CLIENTS: usize = 16;
/// How many users of the company's app do.
const APP_CLIENTS: usize = 4;
/// How long a server serves before it is killed, in milliseconds.
const LIFE_MS: std::ops::Range<u64> = 5..400;
/// One kill out of how many hits a server that is still starting.
const EARLY_ONE_IN: u32 = 8;
/// How long the visitors may take to end what they began.
const END_TIME_MAX: Duration = Duration::from_secs(180);
/// How long nothing may happen while something is still to be told: the claims
/// of deliveries that were under way lapse after a minute.
const QUIET_TIME_MAX: Duration = Duration::from_secs(90);
/// How long nothing must happen for everything to be over.
const QUIET_TIME_MIN: Duration = Duration::from_secs(1);
/// How many visitors come back at the same time in the end.
const RETURNING_MAX: usize = 16;

/// What a run gave.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) kills: usize,
    pub(crate) kills_while_starting: usize,
    pub(crate) visitors: usize,
    pub(crate) sent: usize,
    pub(crate) acknowledged: usize,
    pub(crate) passed_on: usize,
    pub(crate) stored: usize,
    pub(crate) events: usize,
    pub(crate) agent_answers: usize,
    pub(crate) slow_downs: usize,
    pub(crate) webhook_events: usize,
    pub(crate) webhook_deliveries: usize,
    pub(crate) ready_ms_p50: u64,
    pub(crate) ready_ms_max: u64,
    pub(crate) ack_ms_p50: u64,
    pub(crate) ack_ms_max: u64,
}

/// A run whose kills are done.
pub(crate) struct Survivor {
    world: World,
    agent: Arc<Agent>,
    following: tokio::task::JoinHandle<()>,
    end: watch::Sender<bool>,
    counts: Counts,
    ready: Vec<Duration>,
}

/// Kills the world's servers `kills` times in all; with `until_found` only until
/// a client misses what it was promised.
pub(crate) async fn kill_under_load(
    mut world: World,
    kills: usize,
    until_found: bool,
) -> Result<Survivor> {
    let findings = world.load.findings.clone();
    let is_enough = || until_found && findings.is_anything_gone();
    let agent = Arc::<Agent>::default();
    let (end, ended) = watch::channel(false);
    let following = tokio::spawn(agent::follow(world.load.clone(), agent.clone(), ended));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(visitor::come_and_go(world.load.clone(), client));
    }
    for client in 0..APP_CLIENTS {
        clients.spawn(app::pass_on(world.load.clone(), client));
    }
    let mut rng = world.load.randomness("kills");
    let mut counts = Counts::default();
    let mut ready: Vec<Duration> = Vec::new();
    while counts.kills < kills && !is_enough() {
        sleep(Duration::from_millis(rng.random_range(LIFE_MS))).await;
        let victim = rng.random_range(0..world.servers.len());
        let victim = &mut world.servers[victim];
        victim.kill().await?;
        counts.kills += 1;
        if counts.kills < kills && rng.random_ratio(1, EARLY_ONE_IN) {
            let usual = ready.last().map_or(100, |ready| ready.as_millis() as u64);
            victim.spawn("serve")?;
            sleep(Duration::from_millis(rng.random_range(0..=usual))).await;
            victim.kill().await?;
            counts.kills += 1;
            counts.kills_while_starting += 1;
        }
        ready.push(victim.start().await?);
    }
    world.load.end();
    if is_enough() {
        clients.abort_all();
    }
    let finished = async { while clients.join_next().await.is_some() {} };
    tokio::time::timeout(END_TIME_MAX, finished).await.context("the visitors found no end")?;
    Ok(Survivor { world, agent, following, end, counts, ready })
}

impl Survivor {
    /// How often a server was killed.
    pub(crate) fn kills(&self) -> usize {
        self.counts.kills
    }

    /// Gives up on the rest.
    pub(crate) fn abandon(self) -> World {
        self.following.abort();
        self.world
    }

    /// Waits until everything has settled, and compares what was seen with what
    /// is there.
    pub(crate) async fn verify(mut self) -> Result<(World, Counts, Vec<Duration>)> {
        let mut visitors = std::mem::take(
            &mut *self.world.load.visitors.lock().expect("nobody panics while holding it"),
        );
        let users = std::mem::take(
            &mut *self.world.load.users.lock().expect("nobody panics while holding it"),
        );
        let load = &self.world.load;
        at_once(load, &mut visitors, |load, visitor| visitor.complete(load).boxed()).await?;
        self.settle().await;
        // What they sent again may have been answered, by an agent too, after they left.
        at_once(load, &mut visitors, |load, visitor| visitor.complete(load).boxed()).await?;
        let threads =
            at_once(load, &mut visitors, |load, visitor| visitor.reread(load).boxed()).await?;
        self.settle().await;
        self.end.send_replace(true);
        (&mut self.following).await?;
        verify::over_rest(&self.world.load, &visitors).await?;
        self.world.stop().await?;
        let stored = crate::database::read(&self.world.database_url).await?;
        let got = self.world.receiver.got();
        let findings = &self.world.load.findings;
        verify::threads(findings, &visitors, &threads, &users, &stored);
        verify::log(findings, &self.agent, &stored);
        verify::answers(findings, &self.agent, &stored);
        verify::webhook(findings, &got, &stored);
        self.count(&visitors, &users, &stored, &got);
        Ok((self.world, self.counts, self.ready))
    }

    /// Waits until the agent has heard the whole log, and the receiver of the
    /// webhook every message in it.
    async fn settle(&self) {
        let mut progress = (0, 0, 0);
        let mut quiet_since = Instant::now();
        loop {
            sleep(Duration::from_millis(100)).await;
            let now = (self.agent.cursor(), self.agent.answers(), self.world.receiver.events());
            if now != progress {
                progress = now;
                quiet_since = Instant::now();
            }
            let enough = match self.world.receiver.events() >= self.agent.messages() {
                true => QUIET_TIME_MIN,
                false => QUIET_TIME_MAX,
            };
            // What is missing then is told by whoever compares.
            if quiet_since.elapsed() > enough {
                return;
            }
        }
    }

    fn count(
        &mut self,
        visitors: &[Visitor],
        users: &[User],
        stored: &crate::database::Stored,
        got: &std::collections::HashMap<String, (agent::Told, usize)>,
    ) {
        let asked = || visitors.iter().flat_map(|visitor| &visitor.asked);
        let answers = self.agent.answers();
        self.ready.sort_unstable();
        let counts = &mut self.counts;
        counts.visitors = visitors.len();
        counts.passed_on = users.iter().map(|user| user.passed.len()).sum();
        let others = answers + counts.passed_on;
        counts.sent = asked().count() + others;
        counts.acknowledged = asked().filter(|asked| asked.acked.is_some()).count() + others;
        counts.stored = stored.messages.len();
        counts.events = stored.events.len();
        counts.agent_answers = answers;
        counts.slow_downs = self.world.load.slow_downs.load(std::sync::atomic::Ordering::Relaxed);
        counts.webhook_events = got.len();
        counts.webhook_deliveries = got.values().map(|(_, times)| times).sum();
        let ack_times = self.world.load.take_ack_times();
        let ms = |time: Option<&Duration>| time.map_or(0, |time| time.as_millis() as u64);
        counts.ready_ms_p50 = ms(self.ready.get(self.ready.len() / 2));
        counts.ready_ms_max = ms(self.ready.last());
        counts.ack_ms_p50 = ms(ack_times.get(ack_times.len() / 2));
        counts.ack_ms_max = ms(ack_times.last());
    }
}

/// Lets every visitor do something, some of them at the same time; what each
/// found, in their order.
async fn at_once<T>(
    load: &Load,
    visitors: &mut [Visitor],
    deed: impl for<'a> Fn(&'a Load, &'a mut Visitor) -> BoxFuture<'a, Result<T>>,
) -> Result<Vec<T>> {
    let deeds: Vec<BoxFuture<'_, Result<T>>> = visitors
        .iter_mut()
        .map(|visitor| {
            let name = visitor.name.clone();
            let deed = deed(load, visitor);
            deed.map(move |found| found.with_context(|| format!("{name} comes back"))).boxed()
        })
        .collect();
    stream::iter(deeds).buffered(RETURNING_MAX).try_collect().await
}
