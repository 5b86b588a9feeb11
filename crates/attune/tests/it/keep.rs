//! Backup while serving, and restore.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};
use tempfile::tempdir;

use crate::life::simulate;
use crate::{Server, attune, run, said, snapshot};

/// One number out of a database.
async fn number(database: &Path, sql: &str) -> i64 {
    let database = Database::connect(format!("sqlite://{}", database.display())).await.unwrap();
    let row = database
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
        .await
        .unwrap()
        .unwrap();
    let number = row.try_get_by_index(0).unwrap();
    database.close().await.unwrap();
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_backed_up_while_serving_is_restored() {
    let folder = tempdir().unwrap();
    let (data, archive) = (folder.path().join("data"), folder.path().join("backup.tar"));
    let server = Server::start("demo", &data);
    simulate(&server, &["--sessions-per-second", "3"]);
    let key = server.inbox_key();
    let visitors = attune(&[
        "simulate",
        "--url",
        &format!("http://{}", server.address),
        "--inbox",
        &key,
        "--sessions-per-second",
        "10",
        "--duration",
        "3",
    ])
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();

    said(&["backup", archive.to_str().unwrap(), "--data", data.to_str().unwrap()]);

    let visitors = visitors.wait_with_output().unwrap();
    assert!(visitors.status.success(), "{}", String::from_utf8_lossy(&visitors.stdout));
    assert_eq!(server.end(), Some(0));
    let restored = folder.path().join("restored");
    said(&["restore", archive.to_str().unwrap(), "--data", restored.to_str().unwrap()]);
    let database = restored.join("attune.db");
    // Each conversation is whole: the question and its answer are one commit.
    assert!(number(&database, "SELECT count(*) FROM message").await >= 36);
    let halves = "SELECT count(*) FROM (SELECT conversation_id FROM message GROUP BY conversation_id HAVING count(*) % 2 = 1)";
    assert_eq!(number(&database, halves).await, 0);
    for name in ["secret", "demo.json", "bots/1/bot.yml"] {
        let path = if name.starts_with("bots") { first_bot(&data) } else { name.to_owned() };
        assert_eq!(
            fs::read(data.join(&path)).unwrap(),
            fs::read(restored.join(&path)).unwrap(),
            "{path}"
        );
    }
    let server = Server::start("serve", &restored);
    assert_eq!(server.inbox_key(), key);
    simulate(&server, &["--sessions-per-second", "2"]);
}

/// The script of the only bot.
fn first_bot(data: &Path) -> String {
    let bot = fs::read_dir(data.join("bots")).unwrap().next().unwrap().unwrap().file_name();
    format!("bots/{}/bot.yml", bot.to_string_lossy())
}

#[test]
fn nothing_is_restored_over_something_or_from_a_damaged_archive() {
    let folder = tempdir().unwrap();
    let (data, archive) = (folder.path().join("data"), folder.path().join("backup.tar"));
    said(&["migrate", "--data", data.to_str().unwrap()]);
    said(&["backup", archive.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    let mut bytes = fs::read(&archive).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let damaged = folder.path().join("damaged.tar");
    fs::write(&damaged, bytes).unwrap();
    let before = snapshot(folder.path());

    let over = run(&["restore", archive.to_str().unwrap(), "--data", data.to_str().unwrap()]);
    let fresh = folder.path().join("fresh");
    let broken = run(&["restore", damaged.to_str().unwrap(), "--data", fresh.to_str().unwrap()]);
    let again = run(&["backup", archive.to_str().unwrap(), "--data", data.to_str().unwrap()]);

    for (output, part) in [(over, "not empty"), (broken, "damaged"), (again, "exists")] {
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{complaint}");
        assert!(complaint.contains(part), "{complaint}");
    }
    assert!(before == snapshot(folder.path()));
}

#[test]
fn an_archive_cannot_write_outside_its_folder() {
    let folder = tempdir().unwrap();
    let archive = folder.path().join("evil.tar");
    let mut builder = tar::Builder::new(fs::File::create(&archive).unwrap());
    let mut header = tar::Header::new_gnu();
    header.set_size(4);
    header.as_mut_bytes()[..14].copy_from_slice(b"files/../../ev");
    header.set_cksum();
    builder.append(&header, &b"evil"[..]).unwrap();
    builder.finish().unwrap();

    let output = run(&[
        "restore",
        archive.to_str().unwrap(),
        "--data",
        folder.path().join("data").to_str().unwrap(),
    ]);

    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("never writes"));
    assert!(!folder.path().join("ev").exists() && !folder.path().join("data").exists());
}
