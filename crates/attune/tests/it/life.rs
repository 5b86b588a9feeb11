//! Starting, serving, ending, and starting again.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use uuid::Uuid;

use crate::{Server, attune, run};

/// How long a start may take here. The promises (2 s, and 1 s after a crash) are
/// for the release build on an idle machine; see `bench/run`.
const START_TIME_MAX: Duration = Duration::from_secs(10);

/// Plays visitors and returns the report.
pub(crate) fn simulate(server: &Server, more: &[&str]) -> Value {
    let (url, inbox) = (format!("http://{}", server.address), server.inbox_key());
    let mut arguments = vec!["simulate", "--url", &url, "--inbox", &inbox, "--duration", "1"];
    arguments.extend(more);
    let output = attune(&arguments).output().unwrap();
    let line = String::from_utf8(output.stdout).unwrap();
    let report = serde_json::from_str(&line).unwrap_or_else(|error| {
        panic!("{error}: {line:?} {}", String::from_utf8_lossy(&output.stderr));
    });
    assert!(output.status.success(), "{report}");
    report
}

/// Whether the pages were built; without them the server says so.
fn has_pages() -> bool {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/console/dist/index.html")).exists()
}

#[test]
fn the_demo_is_there_at_once_and_keeps_its_data() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let mut first = Server::start("demo", &data);
    let link = first.read_until("/console/login#token=ll_");
    let key = first.inbox_key();
    assert_eq!(simulate(&first, &["--sessions-per-second", "3"])["complete"], 3);
    assert_eq!(first.end(), Some(0));

    let began_at = Instant::now();
    let mut second = Server::start("demo", &data);

    assert!(began_at.elapsed() < START_TIME_MAX, "{:?}", began_at.elapsed());
    assert_eq!(second.inbox_key(), key);
    assert_ne!(second.read_until("/console/login#token=ll_"), link);
}

#[test]
fn after_a_crash_it_is_ready_again() {
    let folder = tempdir().unwrap();
    let server = Server::start("demo", folder.path());
    simulate(&server, &["--sessions-per-second", "3"]);
    server.kill();

    let began_at = Instant::now();
    let server = Server::start("serve", folder.path());

    assert_eq!(server.get("/readyz").0.split(' ').nth(1), Some("200"));
    assert!(began_at.elapsed() < START_TIME_MAX, "{:?}", began_at.elapsed());
}

/// A visitor's socket.
type Socket = tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>;

async fn connect(server: &Server, path: &str) -> Socket {
    let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    let url = format!("ws://{}{path}", server.address);
    tokio_tungstenite::client_async(url, stream).await.unwrap().0
}

async fn say(socket: &mut Socket, frame: Value) {
    socket.send(Message::text(frame.to_string())).await.unwrap();
}

/// The next frame of a kind; what comes before it is passed over.
async fn hear(socket: &mut Socket, kind: &str) -> Value {
    loop {
        let Some(Ok(Message::Text(text))) = socket.next().await else { panic!("no {kind}") };
        let frame: Value = serde_json::from_str(&text).unwrap();
        if frame["type"] == kind {
            return frame;
        }
    }
}

/// The code with which a socket is closed.
async fn closed(mut socket: Socket) -> u16 {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
            Some(Ok(_)) => {}
            other => panic!("cut off: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_tells_every_socket_to_come_back_and_what_was_said_is_there() {
    let folder = tempdir().unwrap();
    let mut first = Server::start("demo", folder.path());
    let link = first.read_until("/console/login#token=ll_");
    let inbox = first.inbox_key();
    let cookie = sign_in(&first, link.rsplit_once('=').unwrap().1);
    let hello = json!({"type": "hello", "inbox": inbox});
    let mut visitor = connect(&first, "/api/v1/visitor/live").await;
    say(&mut visitor, hello.clone()).await;
    let token = hear(&mut visitor, "welcome").await["token"].clone();
    let question = json!({"type": "send", "client_id": Uuid::new_v4(), "text": "转人工"});
    say(&mut visitor, question.clone()).await;
    let ack = hear(&mut visitor, "ack").await;
    let mut silent = connect(&first, "/api/v1/visitor/live").await;
    say(&mut silent, hello.clone()).await;
    hear(&mut silent, "welcome").await;
    let before_hello = connect(&first, "/api/v1/visitor/live").await;
    let mut agent = as_agent(&first, &cookie).await;
    say(&mut agent, json!({"type": "hello"})).await;
    hear(&mut agent, "welcome").await;

    let agent_before_hello = as_agent(&first, &cookie).await;

    first.ask_to_end();

    let sockets = [visitor, silent, before_hello, agent, agent_before_hello];
    for (number, socket) in sockets.into_iter().enumerate() {
        assert_eq!(closed(socket).await, 1012, "socket {number}");
    }
    assert_eq!(first.ended(), Some(0));
    let second = Server::start("serve", folder.path());
    let mut back = connect(&second, "/api/v1/visitor/live").await;
    let again = json!({"type": "hello", "inbox": inbox, "token": token, "after": ack["seq"]});
    say(&mut back, again).await;
    let welcome = hear(&mut back, "welcome").await;
    assert_eq!(welcome["token"], token);
    say(&mut back, question).await;
    let same = hear(&mut back, "ack").await;
    assert_eq!((&same["id"], &same["seq"]), (&ack["id"], &ack["seq"]), "sent again, not doubled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_connection_too_many_is_told_and_requests_pass_beside_them() {
    let folder = tempdir().unwrap();
    let two = ("ATTUNE__LIMITS__CONNECTIONS_MAX", "2");
    let server = Server::start_with("demo", folder.path(), &[two]);
    let hello = json!({"type": "hello", "inbox": server.inbox_key()});
    let mut visitors = Vec::new();
    for _ in 0..2 {
        let mut visitor = connect(&server, "/api/v1/visitor/live").await;
        say(&mut visitor, hello.clone()).await;
        hear(&mut visitor, "welcome").await;
        visitors.push(visitor);
    }

    let third = connect(&server, "/api/v1/visitor/live").await;

    assert_eq!(closed(third).await, 4429);
    assert!(server.get("/readyz").0.starts_with("HTTP/1.1 200"));
    let question = json!({"type": "send", "client_id": Uuid::new_v4(), "text": "你好"});
    say(&mut visitors[0], question).await;
    assert_eq!(hear(&mut visitors[0], "ack").await["seq"], 1);
}

/// Signs an agent in with a link, and returns the cookie.
fn sign_in(server: &Server, link: &str) -> String {
    let head = server.post("/api/v1/auth/login-link", &json!({"token": link}).to_string()).0;
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    cookie.expect("signed in").split(';').next().unwrap().to_owned()
}

async fn as_agent(server: &Server, cookie: &str) -> Socket {
    let stream = tokio::net::TcpStream::connect(&server.address).await.unwrap();
    let mut request = format!("ws://{}/api/v1/live", server.address).into_client_request().unwrap();
    request.headers_mut().insert("cookie", cookie.parse().unwrap());
    let origin = format!("http://{}", server.address);
    request.headers_mut().insert("origin", origin.parse().unwrap());
    tokio_tungstenite::client_async(request, stream).await.unwrap().0
}

#[test]
fn the_figures_are_shown_as_the_configuration_says() {
    let folder = tempdir().unwrap();
    let open = Server::start("serve", folder.path());
    open.get("/healthz");
    let (head, figures) = open.get("/metrics");
    assert!(figures.contains("path=\"/healthz\""), "to a program on this machine: {head}");
    assert!(open.get_with("/metrics", "forwarded: for=192.0.2.1").0.starts_with("HTTP/1.1 403"));
    assert_eq!(open.end(), Some(0));

    let token = ("ATTUNE__METRICS__TOKEN", "d41d8cd98f00b204e980");
    let closed = Server::start_with("serve", folder.path(), &[token]);

    assert!(closed.get("/metrics").0.starts_with("HTTP/1.1 401"));
    let right = closed.get_with("/metrics", "authorization: Bearer d41d8cd98f00b204e980");
    assert!(right.0.starts_with("HTTP/1.1 200"), "{}", right.0);
}

#[test]
fn every_simulated_question_is_answered_once() {
    let folder = tempdir().unwrap();
    let server = Server::start("demo", folder.path());
    let pid = server.child.id().to_string();

    let report = simulate(
        &server,
        &["--sessions-per-second", "5", "--questions", "4", "--server-pid", &pid],
    );

    assert_eq!(report["sessions"], 5, "{report}");
    assert_eq!(report["messages_acked"], 20, "{report}");
    assert_eq!(report["answers"], 20, "{report}");
    for none in ["errors", "lost", "doubled", "refused"] {
        assert_eq!(report[none], 0, "{none}: {report}");
    }
    assert!(report["server_cpu_seconds"].as_f64().unwrap() > 0.0, "{report}");
}

#[test]
fn busy_and_silent_connections_are_simulated_too() {
    let folder = tempdir().unwrap();
    let server = Server::start("demo", folder.path());
    let pid = server.child.id().to_string();

    let busy = simulate(&server, &["--closed-loop", "4"]);
    let idle = simulate(&server, &["--idle", "50", "--server-pid", &pid]);

    assert!(busy["questions_per_second"].as_f64().unwrap() > 1.0, "{busy}");
    assert_eq!(busy["errors"], 0, "{busy}");
    assert_eq!((&idle["held"], &idle["alive"]), (&50.into(), &50.into()), "{idle}");
}

#[test]
fn a_simulation_of_nothing_fails() {
    let output =
        run(&["simulate", "--url", "http://127.0.0.1:1", "--inbox", "ib_0", "--duration", "0.1"]);

    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["errors"], report["sessions"], "{report}");
}

#[test]
fn pages_come_with_a_policy_of_their_own() {
    let folder = tempdir().unwrap();
    let server = Server::start("demo", folder.path());
    let key = server.inbox_key();

    let (console, _) = server.get("/console/conversations/7");
    let (widget, _) = server.get(&format!("/widget/?inbox={key}"));
    let (stranger, body) = server.get("/widget/?inbox=ib_unknown");

    if !has_pages() {
        assert!(
            stranger.starts_with("HTTP/1.1 503") && body.contains("make web"),
            "{stranger}\n{body}"
        );
        return;
    }
    assert!(
        console.starts_with("HTTP/1.1 200") && console.contains("frame-ancestors 'none'"),
        "{console}"
    );
    assert!(widget.contains(&"frame-ancestors http://127.0.0.1:8080".to_string()), "{widget}");
    assert!(widget.contains(&format!("http://{}", server.address)), "{widget}");
    assert!(stranger.contains("frame-ancestors 'none'"), "{stranger}");
    for head in [&console, &widget, &stranger] {
        assert!(!head.contains("unsafe-inline") && !head.contains("unsafe-eval"), "{head}");
    }
}

#[test]
fn without_the_demo_company_there_is_no_demo_site() {
    let folder = tempdir().unwrap();
    let server = Server::start("serve", folder.path());

    assert!(server.get("/demo/").0.starts_with("HTTP/1.1 404"));
    assert!(server.get("/").0.contains("location: /console/"));
}

#[test]
fn a_process_without_the_gateway_serves_no_pages() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let mut child =
        attune(&["serve", "--data", data, "--listen", "127.0.0.1:0", "--roles", "worker"])
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stdout, &mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
    let server = Server { child, stdout, address };

    assert!(server.get("/healthz").0.starts_with("HTTP/1.1 200"));
    assert!(server.get("/console/").0.starts_with("HTTP/1.1 404"));
}
