//! A start that cannot work: one sentence that says what to do, exit code 2,
//! and a disk that is as it was.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait as _, Database};
use tempfile::tempdir;

use crate::{Server, attune, said, snapshot};

/// Expects the one sentence, which contains each of `parts`, and an untouched folder.
fn refuses(command: &mut Command, around: &Path, parts: &[&str]) {
    let before = snapshot(around);

    let output = command.stdin(Stdio::null()).output().unwrap();

    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{command:?}: {complaint}");
    assert_eq!(complaint.lines().count(), 1, "{command:?}: {complaint}");
    assert!(complaint.starts_with("attune: "), "{complaint}");
    for part in parts {
        assert!(complaint.contains(part), "{complaint:?} should say {part:?}");
    }
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{command:?}");
    let after = snapshot(around);
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{command:?}");
    assert!(before == after, "{command:?} changed a file");
}

/// `serve` on a folder that does not exist yet, below `around`.
fn serve(around: &Path) -> Command {
    let data = around.join("data");
    attune(&["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"])
}

#[test]
fn a_configuration_file_with_a_mistake() {
    for (text, parts) in [
        (
            "[server]\nlisten_on = \"127.0.0.1:1\"\n",
            vec!["`server.listen_on`", "`server.listen`", "attune.toml"],
        ),
        (
            "[limitz]\nconnections_max = 1\n",
            vec!["`limitz.connections_max`", "`limits.connections_max`"],
        ),
        ("[servers]\n", vec!["`servers`"]),
        ("listen = \"127.0.0.1:1\"\n", vec!["`listen`", "`server.listen`"]),
        ("[server\n", vec!["is not TOML", "line 1"]),
        ("[server]\nthreads = \"many\"\n", vec!["server.threads", "attune.toml"]),
        ("[server]\nlisten = \"here\"\n", vec!["server.listen"]),
        (
            "[server]\npublic_url = \"chat.example.com\"\n",
            vec!["server.public_url", "https://chat.example.com"],
        ),
        (
            "[uploads]\nscanner = \"clamd:3310\"\n",
            vec!["uploads.scanner", "clamd:3310", "tcp://host:3310"],
        ),
        ("[log]\nformat = \"xml\"\n", vec!["log.format", "json"]),
        ("[log]\nlevel = \"=,=\"\n", vec!["log.level"]),
        ("[limits]\nconnections_max = 0\n", vec!["limits.connections_max"]),
        (
            "[webhooks]\nallow_private = [\"10.0.0.0/99\"]\n",
            vec!["webhooks.allow_private", "10.0.0.0/99"],
        ),
        ("[database]\nurl = \"mysql://h/n\"\n", vec!["database.url", "postgres://"]),
        ("[database]\nurl_file = \"/nowhere\"\n", vec!["database.url_file", "/nowhere"]),
        ("[secret]\nvalue = \"too short\"\n", vec!["secret.value", "openssl rand"]),
        ("[secret]\nvalue = \"changemechangemechangemechangeme\"\n", vec!["can be guessed"]),
        ("[secret]\nvalue = \"x\"\nvalue_file = \"y\"\n", vec!["both set"]),
    ] {
        let folder = tempdir().unwrap();
        let file = folder.path().join("attune.toml");
        fs::write(&file, text).unwrap();

        let data = folder.path().join("data");
        // No option: it would hide a wrong setting of the same name.
        let mut serve = attune(&["serve", "--data", data.to_str().unwrap()]);

        refuses(serve.arg("--config").arg(&file), folder.path(), &parts);
    }
}

#[test]
fn a_configuration_file_that_is_not_there() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("missing.toml");

    refuses(
        serve(folder.path()).arg("--config").arg(&file),
        folder.path(),
        &["missing.toml", "--config"],
    );
    refuses(
        serve(folder.path()).env("ATTUNE_CONFIG", &file),
        folder.path(),
        &["missing.toml", "ATTUNE_CONFIG"],
    );
}

#[test]
fn a_variable_that_is_no_setting() {
    let folder = tempdir().unwrap();

    refuses(
        serve(folder.path()).env("ATTUNE__SERVER__LISTN", "127.0.0.1:1"),
        folder.path(),
        &["`ATTUNE__SERVER__LISTN`", "`ATTUNE__SERVER__LISTEN`", "environment"],
    );
}

#[test]
fn a_role_that_does_not_exist() {
    let folder = tempdir().unwrap();

    refuses(
        serve(folder.path()).args(["--roles", "gateway,insihgt"]),
        folder.path(),
        &["\"insihgt\"", "gateway, assistant, worker"],
    );
}

#[test]
fn a_port_in_use() {
    let folder = tempdir().unwrap();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let data = folder.path().join("data");

    for command in ["serve", "demo"] {
        refuses(
            &mut attune(&[command, "--data", data.to_str().unwrap(), "--listen", &address]),
            folder.path(),
            &[&address, "in use", "--listen"],
        );
    }
}

#[test]
fn a_folder_that_is_a_file_or_below_one() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("data");
    fs::write(&file, "mine").unwrap();

    refuses(&mut serve(folder.path()), folder.path(), &["is not a folder", "--data"]);
    refuses(&mut serve(&file), folder.path(), &["is not a folder", "--data"]);
}

#[test]
fn a_folder_that_cannot_be_written() {
    let folder = tempdir().unwrap();

    // Nobody, not even root, makes folders there.
    refuses(
        &mut serve(Path::new("/proc")),
        folder.path(),
        &["cannot write", "/proc/data", "--data"],
    );
}

#[test]
fn a_folder_that_another_process_uses() {
    let folder = tempdir().unwrap();
    let server = Server::start("serve", &folder.path().join("data"));
    let pid = server.child.id().to_string();

    let output = serve(folder.path()).stdin(Stdio::null()).output().unwrap();

    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("in use") && complaint.contains(&pid), "{complaint}");
    assert_eq!(server.get("/readyz").0.split(' ').nth(1), Some("200"));
}

#[tokio::test]
async fn a_database_of_a_newer_release() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    said(&["migrate", "--data", data.to_str().unwrap()]);
    let url = format!("sqlite://{}", data.join("attune.db").display());
    let database = Database::connect(url).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_tomorrow', 0)";
    database.execute_unprepared(newer).await.unwrap();
    database.close().await.unwrap();

    for command in ["serve", "demo", "migrate"] {
        refuses(
            &mut attune(&[command, "--data", data.to_str().unwrap()]),
            folder.path(),
            &["newer release", "m9999_tomorrow", "restore"],
        );
    }
}

#[test]
fn a_database_server_that_is_not_there() {
    let folder = tempdir().unwrap();

    refuses(
        serve(folder.path()).args(["--database", "postgres://someone:hunter2@127.0.0.1:1/attune"]),
        folder.path(),
        &["cannot use the database", "database.url"],
    );
    let output = serve(folder.path())
        .args(["--database", "postgres://someone:hunter2@127.0.0.1:1/attune"])
        .output()
        .unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("hunter2"));
}
