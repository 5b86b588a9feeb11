//! `attune serve` and `attune demo`: opens the desk, does what its roles say, and
//! ends in order.

mod connection;
mod interface;
mod listener;
mod role;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::Options;
use axum::Router;
use axum::middleware;
use desk::Desk;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::boot::{self, House};
use crate::cli;
use crate::config::Config;
use crate::demo::{self, Company};
use crate::failure::Result;
use crate::logs;
use crate::output::say;
use crate::pages::{self, Origins};
use role::Role;

pub(crate) use listener::check_port;

/// How long connections and work under way may take to end.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(10);

/// Runs `attune serve`.
pub(crate) fn run(serve: &cli::Serve) -> Result {
    let config = Config::load(&serve.settings.sources())?;
    let roles = Role::parse(&serve.roles)?;
    start(&config, &roles, async |_, _| Ok(None))
}

/// Runs `attune demo`: every role, once the demo company is there.
pub(crate) fn run_demo(settings: &cli::Settings) -> Result {
    let config = Config::load(&settings.sources())?;
    start(&config, &Role::ALL, async |desk, origins| {
        demo::prepare(desk, &config.data.dir, origins).await.map(Some)
    })
}

/// Serves until told to end. `prepare` may change what is served once the desk
/// is open and its address is known.
fn start(
    config: &Config,
    roles: &[Role],
    prepare: impl AsyncFnOnce(&Desk, &Origins) -> Result<Option<String>>,
) -> Result {
    logs::start(config)?;
    let runtime = boot::runtime(config)?;
    let ended = runtime.block_on(serve(config, roles, prepare));
    // A thread that still hashes a password need not be waited for.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

async fn serve(
    config: &Config,
    roles: &[Role],
    prepare: impl AsyncFnOnce(&Desk, &Origins) -> Result<Option<String>>,
) -> Result {
    // First of all, so that a port in use leaves the folder alone.
    // What is wrong with the settings is said before anything else is looked at.
    config.secret.check(&config.data.dir)?;
    let listener = listener::bind(config.server.listen)?;
    let address = listener.local_addr()?;
    let live_max = listener::make_room(config.limits.connections_max)?;
    let house = boot::open(config).await?;
    log_opening(&house, config.limits.connections_max, live_max);
    let origins = origins(config, address);
    let said = prepare(&house.desk, &origins).await?;
    if roles.contains(&Role::Assistant) {
        house.desk.load_bots().await?;
    }
    let company = demo::find(&house.desk, &config.data.dir).await?;

    let shutdown = Shutdown::default();
    let work = start_roles(&house.desk, roles, &shutdown.roles).await?;
    let options = interface::options(config, &origins, live_max)?;
    let router = router(options, &house.desk, &origins, company, &shutdown, roles)?;
    say(&format!("listening on http://{address}"))?;
    if let Some(said) = said {
        say(&said)?;
    }
    let signals = wait_for_signal(shutdown.clone());
    let signals = tokio::spawn(signals);
    listener::serve(listener, router, live_max, shutdown.gateway.clone(), DRAIN_TIME_MAX).await;
    shutdown.roles.cancel();
    if tokio::time::timeout(DRAIN_TIME_MAX, work.wait()).await.is_err() {
        tracing::warn!("work under way did not end in time; it is done again at the next start");
    }
    signals.abort();
    tracing::info!("ended");
    Ok(())
}

/// Two steps: connections end first, then the work that follows from them.
#[derive(Clone, Default)]
struct Shutdown {
    gateway: CancellationToken,
    roles: CancellationToken,
}

fn log_opening(house: &House, live_wanted: usize, live_max: usize) {
    if live_max < live_wanted {
        tracing::warn!(
            live_max,
            live_wanted,
            "the system allows too few open files for `limits.connections_max`, so fewer live connections are held; raise `ulimit -n`"
        );
    }
    if house.opening.migrated.is_empty() {
        return;
    }
    let backup = house.opening.backup.as_ref().map(|path| path.display().to_string());
    tracing::info!(
        migrated = house.opening.migrated.join(", "),
        backup,
        "the database was brought to this release"
    );
}

async fn start_roles(
    desk: &Desk,
    roles: &[Role],
    shutdown: &CancellationToken,
) -> Result<TaskTracker> {
    let work = TaskTracker::new();
    if roles.contains(&Role::Gateway) {
        // Begun before the first connection, so that none misses anything.
        let gateway = desk.gateway().await?;
        work.spawn(gateway.run(shutdown.clone()));
    }
    if roles.contains(&Role::Assistant) {
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        work.spawn(async move { desk.run_assistant(shutdown).await });
    }
    if roles.contains(&Role::Worker) {
        let (desk, shutdown) = (desk.clone(), shutdown.clone());
        work.spawn(async move { desk.run_worker(shutdown).await });
    }
    work.close();
    Ok(work)
}

fn router(
    options: Options,
    desk: &Desk,
    origins: &Origins,
    company: Option<Company>,
    shutdown: &Shutdown,
    roles: &[Role],
) -> Result<Router> {
    let https = options.https;
    let interface = interface::router(options, desk, &shutdown.gateway)?;
    if !roles.contains(&Role::Gateway) {
        return Ok(interface);
    }
    let site = company.map(|company| demo::site(&company, origins));
    let pages = pages::router(origins.clone(), desk.store().clone(), site);
    let router = interface.merge(pages);
    let router = match origins.is_one() {
        true => router,
        false => router
            .layer(middleware::from_fn_with_state(Arc::new(origins.clone()), pages::keep_apart)),
    };
    // Outside of everything, so that a refusal carries the headers as well.
    Ok(api::protect(router, https))
}

/// Where browsers find the parts.
fn origins(config: &Config, address: SocketAddr) -> Origins {
    let public =
        config.server.public_url.get().map_or_else(|| format!("http://{address}"), str::to_owned);
    let own = |address: &crate::config::Address| {
        address.get().map_or_else(|| public.clone(), str::to_owned)
    };
    Origins {
        console: own(&config.origins.console),
        widget: own(&config.origins.widget),
        files: own(&config.origins.files),
        public,
    }
}

/// Begins the end at the first SIGTERM or SIGINT; the second ends at once.
async fn wait_for_signal(shutdown: Shutdown) {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("cannot listen to signals; the process has to be killed to end");
        return;
    };
    let mut first = true;
    loop {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if !first {
            tracing::warn!("ended at once; nothing that was acknowledged is lost");
            std::process::exit(1);
        }
        first = false;
        tracing::info!("ending: no new connections, the open ones are told to come back");
        shutdown.gateway.cancel();
    }
}
