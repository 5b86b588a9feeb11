//! A real clamd, with signatures of the test's own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use desk::{Scanner, ScannerAddress, ScannerError, Verdict};
use tempfile::tempdir;

use crate::clamd::eicar;
use crate::eventually;

/// A clamd on a socket of its own. It is killed when it is dropped.
struct Clamd(Child);

impl Clamd {
    /// Starts it with one signature, which knows the test text wherever it stands.
    fn start(folder: &Path) -> Self {
        let signature = format!("Attune.Test:0:*:{}", hex(eicar().as_bytes()));
        std::fs::create_dir(folder.join("signatures")).unwrap();
        std::fs::write(folder.join("signatures/own.ndb"), signature).unwrap();
        let shown = folder.display();
        let configuration = format!(
            "DatabaseDirectory {shown}/signatures\nLocalSocket {shown}/clamd.ctl\n\
             Foreground yes\nStreamMaxLength 1M\nTemporaryDirectory {shown}\n"
        );
        std::fs::write(folder.join("clamd.conf"), configuration).unwrap();
        let child = Command::new(binary())
            .arg("--config-file")
            .arg(folder.join("clamd.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Clamd(child)
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn binary() -> PathBuf {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let places = [root.join(".test/clamav/usr/sbin/clamd"), "/usr/sbin/clamd".into()];
    let found = places.into_iter().find(|path| path.exists());
    found.expect("there is no clamd; scripts/setup-test unpacks one")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_real_scanner_finds_what_it_knows_and_nothing_else() {
    let folder = tempdir().unwrap();
    let _clamd = Clamd::start(folder.path());
    let scanner = Scanner::new(ScannerAddress::Unix(folder.path().join("clamd.ctl")));
    eventually("it answers", async || scanner.ping().await.ok()).await;

    let clean = scanner.scan("请看附件".as_bytes()).await.unwrap();
    let bare = scanner.scan(eicar().as_bytes()).await.unwrap();
    let inside = scanner.scan(&[&[b'x'; 300_000], eicar().as_bytes()].concat()).await.unwrap();
    let too_large = scanner.scan(&vec![b'x'; 3_000_000]).await.unwrap_err();
    let again = scanner.scan(b"hello").await.unwrap();

    assert_eq!((clean, again), (Verdict::Clean, Verdict::Clean));
    for found in [bare, inside] {
        assert!(
            matches!(&found, Verdict::Infected(name) if name.starts_with("Attune.Test")),
            "{found:?}"
        );
    }
    let told =
        matches!(&too_large, ScannerError::Unclear { answer, .. } if answer.contains("size limit"));
    assert!(told || matches!(too_large, ScannerError::Silent { .. }), "{too_large:?}");
}
