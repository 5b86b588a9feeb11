//! The client of the scanner: what it takes for an answer, and what it does not.

use std::time::Duration;

use desk::{Scanner, ScannerError, Verdict};
use tempfile::tempdir;
use tokio::net::TcpListener;

use crate::clamd::{Clamd, Habit, answer, eicar};
use crate::in_time;

#[tokio::test]
async fn a_file_of_any_size_is_sent_whole() {
    let folder = tempdir().unwrap();
    let clamd = Clamd::start(folder.path(), Habit::Honest);
    let scanner = Clamd::scanner(folder.path());

    for size in [0, 1, 64 * 1024, 64 * 1024 + 1, 10 * 1024 * 1024] {
        let file = vec![7; size];
        assert_eq!(scanner.scan(&file).await.unwrap(), Verdict::Clean);
        assert_eq!(clamd.seen().pop().unwrap(), file, "{size} bytes");
    }
    let infected = ["hello ", &eicar()].concat();
    let found = Verdict::Infected("Eicar-Test-Signature".into());
    assert_eq!(scanner.scan(infected.as_bytes()).await.unwrap(), found);
}

#[tokio::test]
async fn only_a_clear_answer_is_one() {
    let folder = tempdir().unwrap();
    let clamd = Clamd::start(folder.path(), Habit::Honest);
    let scanner = Clamd::scanner(folder.path());
    let long = [b"stream: OK\0".as_slice(), &[b'x'; 5_000]].concat();
    let endless_name = [b"stream: ".as_slice(), &[b'x'; 5_000], b" FOUND\0"].concat();

    for said in [
        b"OK\0".as_slice(),
        b"stream: OK",
        b"stream: OK\n",
        b"stream: OK\0\0",
        b"stream: OK\0stream: OK\0",
        b"stream: Bad FOUND\0stream: OK\0",
        b" stream: OK\0",
        b"STREAM: OK\0",
        b"stream: OK \0",
        b"stream: \0",
        b"stream: FOUND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\xFF\xFE\0",
        &long,
        &endless_name,
    ] {
        clamd.becomes(Habit::Says(said.to_vec()));
        let answer = in_time(scanner.scan(b"hello")).await;
        let shown = String::from_utf8_lossy(&said[..said.len().min(40)]);
        assert!(matches!(answer, Err(ScannerError::Unclear { .. })), "{shown:?}: {answer:?}");
    }
    clamd.becomes(Habit::Says(Vec::new()));
    assert!(matches!(scanner.scan(b"hello").await, Err(ScannerError::Silent { .. })));
}

#[tokio::test]
async fn a_scanner_that_hangs_up_before_it_has_everything_says_nothing_good() {
    let folder = tempdir().unwrap();
    let file = vec![7; 10 * 1024 * 1024];
    let clamd = Clamd::start(
        folder.path(),
        Habit::Interrupts(b"INSTREAM size limit exceeded. ERROR\0".into()),
    );
    let scanner = Clamd::scanner(folder.path());

    let too_large = scanner.scan(&file).await.unwrap_err();
    clamd.becomes(Habit::Interrupts(b"stream: OK\0".into()));
    let hasty = scanner.scan(&file).await.unwrap_err();

    assert!(too_large.to_string().contains("size limit exceeded"), "{too_large}");
    assert!(matches!(hasty, ScannerError::Silent { .. }), "{hasty:?}");
}

#[tokio::test]
async fn a_scanner_that_does_not_answer_in_time_is_given_up() {
    let folder = tempdir().unwrap();
    let scanner = Clamd::scanner(folder.path()).with_time_max(Duration::from_millis(50));
    let nobody = scanner.scan(b"hello").await.unwrap_err();
    let _clamd = Clamd::start(folder.path(), Habit::Silent);

    let slow = in_time(scanner.scan(b"hello")).await.unwrap_err();

    assert!(matches!(nobody, ScannerError::Silent { .. }), "{nobody:?}");
    assert!(slow.to_string().contains("does not answer: nothing within 50ms"), "{slow}");
    assert!(slow.to_string().contains("unix:///"), "{slow}");
}

#[tokio::test]
async fn a_scanner_is_reached_by_its_host_and_port_as_well() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://localhost:{}", listener.local_addr().unwrap().port());
    let serve = async {
        let (stream, _) = listener.accept().await.unwrap();
        answer(stream, Default::default(), Habit::Honest).await;
    };
    let infected = eicar();
    let scanner = Scanner::new(address.parse().unwrap());

    let (verdict, ()) =
        in_time(async { tokio::join!(scanner.scan(infected.as_bytes()), serve) }).await;

    assert!(matches!(verdict.unwrap(), Verdict::Infected(_)));
}
