//! A pretended clamd: it speaks the real one's protocol, and may behave badly.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use desk::{Scanner, ScannerAddress};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::UnixListener;
use tokio::task::JoinHandle;

/// The harmless text that every scanner takes for a virus, put together here so
/// that no scanner takes this file for one.
pub(crate) fn eicar() -> String {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// How a pretended clamd behaves.
#[derive(Clone, Debug)]
pub(crate) enum Habit {
    /// It looks at what it is sent.
    Honest,
    /// It listens for ever and never answers.
    Silent,
    /// It says this, whatever it is sent.
    Says(Vec<u8>),
    /// It says this and hangs up before it has read anything.
    Interrupts(Vec<u8>),
}

/// A pretended clamd on a socket. It is gone when it is dropped.
pub(crate) struct Clamd {
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    habit: Arc<Mutex<Habit>>,
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Clamd {
    /// Where the pretended clamd of a folder listens, whether it does or not.
    pub(crate) fn scanner(folder: &Path) -> Scanner {
        Scanner::new(ScannerAddress::Unix(socket(folder)))
    }

    /// Starts it.
    pub(crate) fn start(folder: &Path, habit: Habit) -> Self {
        let path = socket(folder);
        let listener = UnixListener::bind(&path).unwrap();
        let (seen, habit) = (Arc::<Mutex<Vec<Vec<u8>>>>::default(), Arc::new(Mutex::new(habit)));
        let task = tokio::spawn(listen(listener, seen.clone(), habit.clone()));
        Clamd { seen, habit, path, task }
    }

    /// Behaves otherwise from now on.
    pub(crate) fn becomes(&self, habit: Habit) {
        *self.habit.lock().unwrap() = habit;
    }

    /// What it was sent to scan.
    pub(crate) fn seen(&self) -> Vec<Vec<u8>> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("clamd.ctl")
}

async fn listen(listener: UnixListener, seen: Arc<Mutex<Vec<Vec<u8>>>>, habit: Arc<Mutex<Habit>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let habit = habit.lock().unwrap().clone();
        // Whoever asked may be gone before it is answered.
        tokio::spawn(answer(stream, seen.clone(), habit));
    }
}

/// Answers one question, over whatever it came.
pub(crate) async fn answer(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    seen: Arc<Mutex<Vec<Vec<u8>>>>,
    habit: Habit,
) {
    if let Habit::Interrupts(said) = habit {
        let _ = stream.write_all(&said).await;
        return;
    }
    let Some(file) = read_file(&mut stream).await else { return };
    let found = holds(&file, eicar().as_bytes());
    seen.lock().unwrap().push(file);
    match habit {
        Habit::Silent => std::future::pending().await,
        Habit::Says(said) => drop(stream.write_all(&said).await),
        _ if found => drop(stream.write_all(b"stream: Eicar-Test-Signature FOUND\0").await),
        _ => drop(stream.write_all(b"stream: OK\0").await),
    }
}

/// Reads what `INSTREAM` sends: chunks with their lengths, and an empty one.
async fn read_file(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await.ok()?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let len = stream.read_u32().await.ok()? as usize;
        if len == 0 {
            return Some(file);
        }
        let from = file.len();
        file.resize(from + len, 0);
        stream.read_exact(&mut file[from..]).await.ok()?;
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
