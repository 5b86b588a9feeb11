//! What the HTTP interface promises, held against a real desk on a real
//! database; requests go through the whole router and touch no network.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod auth;
mod document;
mod files;
mod hostile;
mod idempotency;
mod identity;
mod incoming;
mod isolation;
mod limits;
mod nlu;
mod roles;
mod scrape;
mod visitor;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use api::{Options, Setup};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use desk::{Bots, Desk, Keys, NewAgent, Workshop};
use domain::{Account, Agent, Language, Role};
use jiff::{SignedDuration, Timestamp};
use outbound::{Client, Policy, SystemResolver};
use rand::rngs::StdRng;
use rand::{RngCore as _, SeedableRng as _};
use serde_json::Value;
use store::Store;
use store::blob::Blobs;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// The password of every agent here.
const PASSWORD: &str = "a lantern above the river";

/// A server with nobody in it, and the ground that it stands on.
struct World {
    router: Router,
    desk: Desk,
    store: Store,
    now_ms: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{} {}", self.status, self.text))
    }

    /// Checks that it is a problem document of this kind.
    #[track_caller]
    fn is_problem(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(
            (problem["code"].as_str(), problem["status"].as_u64()),
            (Some(code), Some(status.into()))
        );
        assert_eq!(problem["type"], format!("/problems/{code}"));
    }

    #[track_caller]
    fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

/// Who asks.
#[derive(Clone, Copy)]
enum As<'a> {
    Nobody,
    /// With a token of an agent's program, or of a visitor.
    Token(&'a str),
    /// With a session cookie, from our own page.
    Cookie(&'a str),
}

impl World {
    async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("attune.db").display());
        World::begin(folder, &url, Options::default()).await
    }

    async fn on_postgres() -> Self {
        World::begin(tempfile::tempdir().unwrap(), &postgres_url().await, Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("attune.db").display());
        World::begin(folder, &url, options).await
    }

    async fn begin(folder: tempfile::TempDir, url: &str, options: Options) -> Self {
        let now_ms = Arc::new(AtomicI64::new(1_795_000_000_000));
        let store = Store::open(url).await.unwrap().0;
        let desk = open_desk(store.clone(), folder.path(), now_ms.clone());
        let metrics = api::telemetry::detached().unwrap();
        let (router, _) = api::router(Setup {
            desk: desk.clone(),
            options,
            metrics,
            shutdown: CancellationToken::new(),
        });
        World { router, desk, store, now_ms, _folder: folder }
    }

    fn advance(&self, by: SignedDuration) {
        self.now_ms.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }

    /// Adds an account with an owner.
    async fn account(&self, name: &str) -> (Account, Agent) {
        let account = self.desk.create_account(name, Language::Zh, "Asia/Shanghai").await.unwrap();
        let owner = self.agent(&account, Role::Owner, &format!("owner@{name}.example")).await;
        (account, owner)
    }

    async fn agent(&self, account: &Account, role: Role, email: &str) -> Agent {
        let name = format!("{} {role:?}", account.name);
        let new = NewAgent { email: email.to_owned(), name, role, password: PASSWORD.to_owned() };
        self.desk.add_agent(account.id, new).await.unwrap()
    }

    /// Signs an agent in and makes a token for the agent's program.
    async fn token(&self, agent: &Agent) -> String {
        let cookie = self.cookie(agent).await;
        let made =
            self.post("/api/v1/tokens", As::Cookie(&cookie), r#"{"name": "test"}"#).await.is(201);
        made.json()["token"].as_str().unwrap().to_owned()
    }

    /// Signs an agent in with a link, and returns the cookie's secret.
    async fn cookie(&self, agent: &Agent) -> String {
        let link = self.desk.create_login_link(agent).await.unwrap();
        let body = format!(r#"{{"token": "{}"}}"#, link.reveal());
        cookie_of(&self.post("/api/v1/auth/login-link", As::Nobody, &body).await.is(200))
    }

    async fn get(&self, path: &str, who: As<'_>) -> Answer {
        self.call("GET", path, who, None).await
    }

    async fn post(&self, path: &str, who: As<'_>, body: &str) -> Answer {
        self.call("POST", path, who, Some(body)).await
    }

    async fn call(&self, method: &str, path: &str, who: As<'_>, body: Option<&str>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = match who {
            As::Nobody => request,
            As::Token(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            As::Cookie(secret) => request
                .header(header::COOKIE, format!("attune_session={secret}"))
                .header("X-Attune", "1"),
        };
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.send(request.body(Body::from(body.unwrap_or_default().to_owned())).unwrap()).await
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        let peer = SocketAddr::from(([203, 0, 113, 7], 50_000));
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

/// The secret in the cookie that an answer sets.
#[track_caller]
fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    let value = cookie.strip_prefix("attune_session=").unwrap();
    value.split(';').next().unwrap().to_owned()
}

fn open_desk(store: Store, folder: &Path, now_ms: Arc<AtomicI64>) -> Desk {
    static SEED: AtomicU64 = AtomicU64::new(0);
    let generator = Mutex::new(StdRng::seed_from_u64(SEED.fetch_add(1, Ordering::SeqCst)));
    let policy = Policy {
        allow_http: true,
        allowed_ports: (1..=u16::MAX).collect(),
        allow_private: vec!["127.0.0.1".parse().unwrap()],
        ..Policy::default()
    };
    Desk::open(desk::Setup {
        store,
        blobs: Blobs::in_folder(&folder.join("blobs")).unwrap(),
        scanner: None,
        outbound: Client::new(policy, Arc::new(SystemResolver::default())).unwrap(),
        bots: Bots::default(),
        workshop: Workshop::in_folder(folder),
        keys: Keys::derive(&[7; 32]),
        clock: Arc::new(move || {
            Timestamp::from_millisecond(now_ms.load(Ordering::SeqCst)).unwrap()
        }),
        randomness: Arc::new(move |buffer: &mut [u8]| generator.lock().unwrap().fill_bytes(buffer)),
        limits: desk::Limits::default(),
    })
}

/// A PostgreSQL database that no other test uses.
async fn postgres_url() -> String {
    use sea_orm::ConnectionTrait as _;
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("TEST_POSTGRES_URL")
        .expect("TEST_POSTGRES_URL names no server; `make test` starts one");
    let name = format!("api_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    format!("{server}/{name}")
}
