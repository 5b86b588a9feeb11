//! Starting, serving, ending, and starting again.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::tempdir;

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
