//! `attune user`, `migrate`, `doctor` and `openapi` as people use them.

use std::io::Write as _;
use std::process::{Output, Stdio};

use tempfile::tempdir;

use crate::{Server, attune, run, said};

/// Creates an agent, and the company if one is named.
fn create(data: &str, email: &str, role: &str, company: Option<&str>) -> Output {
    let mut arguments = vec!["user", "create", "--data", data];
    arguments.extend(["--email", email, "--name", "林知远", "--role", role]);
    arguments.extend(company.into_iter().flat_map(|company| ["--company", company]));
    run(&arguments)
}

/// Creates an agent of the company C, which must succeed.
fn create_in_company(data: &str, email: &str, role: &str) {
    let created = create(data, email, role, Some("C"));
    assert!(created.status.success(), "{created:?}");
}

#[test]
fn the_first_owner_is_made_on_the_command_line() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();

    let without_company = create(data, "lin@example.com", "owner", None);
    let owner = create(data, "lin@example.com", "owner", Some("知明财富"));
    let twice = create(data, "lin@example.com", "agent", None);
    let wrong_role = create(data, "wang@example.com", "boss", None);

    assert!(String::from_utf8_lossy(&without_company.stderr).contains("--company"));
    assert!(String::from_utf8_lossy(&owner.stdout).contains("password: "), "{owner:?}");
    assert_eq!(twice.status.code(), Some(1), "{twice:?}");
    assert_eq!(wrong_role.status.code(), Some(2), "{wrong_role:?}");
    let listed = said(&["user", "list", "--data", data]);
    assert!(
        listed.contains("知明财富")
            && listed.contains("lin@example.com")
            && listed.contains("owner"),
        "{listed}"
    );
    assert_eq!(listed.matches('@').count(), 1, "{listed}");
}

#[test]
fn a_password_is_read_from_standard_input_and_checked() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    create_in_company(data, "a@example.com", "owner");
    let set = |password: &str| {
        let mut child = attune(&[
            "user",
            "set-password",
            "--data",
            data,
            "--email",
            "a@example.com",
            "--password-stdin",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };

    let weak = set("short\n");
    let strong = set("a rather long sentence\n");

    assert!(String::from_utf8_lossy(&weak.stderr).contains("characters"), "{weak:?}");
    assert!(strong.status.success(), "{strong:?}");
    assert!(!String::from_utf8_lossy(&strong.stdout).contains("sentence"), "{strong:?}");
}

#[test]
fn the_last_owner_cannot_be_deactivated() {
    let folder = tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    for (email, role) in [("a@example.com", "owner"), ("b@example.com", "agent")] {
        create_in_company(data, email, role);
    }

    said(&["user", "deactivate", "--data", data, "--email", "b@example.com"]);
    let owner = run(&["user", "deactivate", "--data", data, "--email", "a@example.com"]);

    assert!(String::from_utf8_lossy(&owner.stderr).contains("owner"), "{owner:?}");
    let listed = said(&["user", "list", "--data", data]);
    let line = |email: &str| listed.lines().find(|line| line.contains(email)).unwrap().to_owned();
    assert!(line("b@example.com").contains("deactivated"));
    assert!(!line("a@example.com").contains("deactivated"));
}

#[test]
fn a_dry_run_of_the_migrations_changes_nothing() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();

    let before = said(&["migrate", "--dry-run", "--data", data]);
    assert!(before.contains("would be made") && !folder.path().join("data").exists(), "{before}");

    assert!(said(&["migrate", "--data", data]).contains("migrated: m0001"));
    assert!(said(&["migrate", "--data", data]).contains("already"));
    assert!(said(&["migrate", "--dry-run", "--data", data]).contains("already"));
}

#[test]
fn the_doctor_finds_what_is_wrong_and_changes_nothing() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let server = Server::start("serve", &folder.path().join("other"));

    let busy = run(&["doctor", "--data", data, "--listen", &server.address]);
    let unreadable =
        attune(&["doctor", "--data", data]).env("ATTUNE__LOG__FORMAT", "xml").output().unwrap();

    let table = String::from_utf8(busy.stdout).unwrap();
    assert_eq!(busy.status.code(), Some(2), "{table}");
    assert!(table.lines().any(|line| line.starts_with("WRONG  port")), "{table}");
    assert!(table.lines().any(|line| line.starts_with("ok     folder")), "{table}");
    assert_eq!(unreadable.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unreadable.stdout).contains("WRONG  configuration"));
    assert!(!folder.path().join("data").exists());
}

#[test]
fn every_command_explains_itself_with_an_example() {
    for command in [
        "serve", "demo", "migrate", "user", "doctor", "config", "openapi", "backup", "restore",
        "simulate",
    ] {
        let help = said(&[command, "--help"]);

        let has_example = command == "openapi" || help.contains(&format!("attune {command}"));
        assert!(has_example && help.lines().next().is_some_and(|line| line.len() > 20), "{help}");
        assert!(help.contains("Example:"), "{help}");
    }
}

#[test]
fn the_interface_is_described_without_a_server() {
    let document: serde_json::Value = serde_json::from_str(&said(&["openapi"])).unwrap();

    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(document["paths"].as_object().unwrap().len() > 20);
}

/// Runs the doctor beside something that answers each question for the scanner
/// with the next of these, and returns what it says of the scanner.
fn doctor_of(answers: &'static [&'static [u8]]) -> (Option<i32>, String) {
    use std::io::{Read as _, Write as _};
    let folder = tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let scanner = std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = Vec::new();
            while asked != b"zPING\0" && (asked.len() < 15 || !asked.ends_with(&[0; 4])) {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                asked.push(byte[0]);
            }
            stream.write_all(answer).unwrap();
        }
    });
    let output = attune(&["doctor", "--data", folder.path().to_str().unwrap()])
        .args(["--listen", "127.0.0.1:0"])
        .env("ATTUNE__UPLOADS__SCANNER", address)
        .output()
        .unwrap();
    scanner.join().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let line = table.lines().find(|line| line.contains(" scanner ")).expect("it tells").to_owned();
    (output.status.code(), line)
}

#[test]
fn the_doctor_asks_the_scanner_and_has_it_scan_something() {
    let folder = tempdir().unwrap();
    let silent = attune(&["doctor", "--data", folder.path().to_str().unwrap()])
        .args(["--listen", "127.0.0.1:0"])
        .env("ATTUNE__UPLOADS__SCANNER", "unix:///nowhere/clamd.ctl")
        .output()
        .unwrap();
    let silent = String::from_utf8(silent.stdout).unwrap();

    let (_, well) = doctor_of(&[b"PONG\0", b"stream: OK\0"]);
    let (code, deaf) = doctor_of(&[b"PONG\0", b"Can't open file or directory ERROR\0"]);

    assert!(well.starts_with("ok     scanner") && well.ends_with("answers"), "{well}");
    assert!(deaf.starts_with("WRONG  scanner") && deaf.contains("uploads.scanner"), "{deaf}");
    assert_eq!(code, Some(2));
    let silent = silent.lines().find(|line| line.contains(" scanner ")).unwrap();
    assert!(silent.contains("unix:///nowhere/clamd.ctl does not answer"), "{silent}");
}
