//! The virus scanner beside the desk: a clamd, asked by its command `INSTREAM`.
//!
//! Only an answer that says in so many words that nothing was found makes a file
//! clean. Silence, half an answer, or more than one is a failure, and the file
//! waits. The client is written here, and not taken from a library, for its
//! bounds: one time limit for all of it, and an answer of at most a kilobyte,
//! whatever the other side sends.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// How long a scan may take, unless somebody says otherwise.
const TIME_MAX: Duration = Duration::from_secs(25);
/// How many bytes are sent together.
const CHUNK_BYTES: usize = 64 * 1024;
/// How long an answer may be, in bytes.
const ANSWER_BYTES_MAX: usize = 1024;

/// A scanner that can be asked about files.
#[derive(Clone, Debug)]
pub struct Scanner {
    address: ScannerAddress,
    time_max: Duration,
}

/// Where a clamd listens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ScannerAddress {
    /// A host and a port, written `tcp://host:3310`.
    Tcp {
        /// A name, or an address without brackets.
        host: String,
        /// The port.
        port: u16,
    },
    /// A socket in the file system, written `unix:///path`.
    Unix(PathBuf),
}

/// What a scanner found out about a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// Something was found; its name.
    Infected(String),
}

/// Why nothing was found out.
#[derive(Debug, thiserror::Error)]
pub enum ScannerError {
    /// The scanner cannot be reached, or does not answer.
    #[error("the scanner at {address} does not answer: {reason}")]
    Silent {
        /// Where it should be.
        address: ScannerAddress,
        /// What happened instead.
        reason: String,
    },
    /// It answered, and that does not say whether the file is clean.
    #[error("the scanner at {address} answered {answer:?}")]
    Unclear {
        /// Where it is.
        address: ScannerAddress,
        /// The beginning of what it said.
        answer: String,
    },
}

impl Scanner {
    /// A scanner at an address. Nothing is asked yet.
    pub fn new(address: ScannerAddress) -> Self {
        Scanner { address, time_max: TIME_MAX }
    }

    /// The same scanner, with another limit for the time that a scan may take.
    #[must_use]
    pub fn with_time_max(self, time_max: Duration) -> Self {
        Scanner { time_max, ..self }
    }

    /// Asks whether there is anything in `bytes` that should not be.
    ///
    /// # Errors
    ///
    /// [`ScannerError`] if the answer is not known; the file must not be handed out.
    pub async fn scan(&self, bytes: &[u8]) -> Result<Verdict, ScannerError> {
        let answer = self.ask(Question::Scan(bytes)).await?;
        match answer.strip_prefix("stream: ") {
            Some("OK") => Ok(Verdict::Clean),
            Some(found) => match found.strip_suffix(" FOUND") {
                Some(name) => Ok(Verdict::Infected(name.to_owned())),
                None => Err(self.unclear(&answer)),
            },
            None => Err(self.unclear(&answer)),
        }
    }

    /// Asks whether the scanner is there.
    ///
    /// # Errors
    ///
    /// [`ScannerError`] if it is not, or something else answers.
    pub async fn ping(&self) -> Result<(), ScannerError> {
        match self.ask(Question::Ping).await?.as_str() {
            "PONG" => Ok(()),
            answer => Err(self.unclear(answer)),
        }
    }

    /// Asks, and returns the one answer without its end.
    async fn ask(&self, question: Question<'_>) -> Result<String, ScannerError> {
        let asked = tokio::time::timeout(self.time_max, async {
            match &self.address {
                ScannerAddress::Tcp { host, port } => {
                    converse(TcpStream::connect((host.as_str(), *port)).await?, question).await
                }
                ScannerAddress::Unix(path) => {
                    converse(UnixStream::connect(path).await?, question).await
                }
            }
        });
        let answer = match asked.await {
            Ok(answer) => answer.map_err(|error| self.silent(&error))?,
            Err(_) => return Err(self.silent(&format!("nothing within {:?}", self.time_max))),
        };
        let text = String::from_utf8_lossy(&answer);
        match text.strip_suffix('\0') {
            Some(one) if answer.len() <= ANSWER_BYTES_MAX && !one.contains('\0') => {
                Ok(one.to_owned())
            }
            _ if text.is_empty() => Err(self.silent(&"it hung up")),
            _ => Err(self.unclear(&text)),
        }
    }

    fn silent(&self, reason: &dyn fmt::Display) -> ScannerError {
        ScannerError::Silent { address: self.address.clone(), reason: reason.to_string() }
    }

    fn unclear(&self, answer: &str) -> ScannerError {
        let answer = answer.chars().take(80).collect();
        ScannerError::Unclear { address: self.address.clone(), answer }
    }
}

/// What a scanner is asked.
#[derive(Clone, Copy)]
enum Question<'a> {
    Ping,
    Scan(&'a [u8]),
}

/// Sends a question and reads the answer to its end, or a little more than it may
/// have.
async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    question: Question<'_>,
) -> std::io::Result<Vec<u8>> {
    let sent = send(&mut stream, question).await;
    let mut answer = Vec::new();
    let read = (&mut stream).take(ANSWER_BYTES_MAX as u64 + 1).read_to_end(&mut answer).await;
    match sent {
        Ok(()) => read.map(|_| answer),
        // A scanner that finds a file too large says so and hangs up before it has
        // all of it. What it says then is worth knowing, and never that all is well.
        Err(_) if answer.ends_with(b" ERROR\0") => Ok(answer),
        Err(error) => Err(error),
    }
}

async fn send(
    stream: &mut (impl AsyncWrite + Unpin),
    question: Question<'_>,
) -> std::io::Result<()> {
    match question {
        Question::Ping => stream.write_all(b"zPING\0").await?,
        Question::Scan(bytes) => {
            stream.write_all(b"zINSTREAM\0").await?;
            for chunk in bytes.chunks(CHUNK_BYTES) {
                stream.write_all(&(chunk.len() as u32).to_be_bytes()).await?;
                stream.write_all(chunk).await?;
            }
            stream.write_all(&[0; 4]).await?;
        }
    }
    stream.flush().await
}

impl FromStr for ScannerAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither tcp://host:3310 nor unix:///path/to/clamd.ctl");
        match text.split_once("://") {
            Some(("unix", path)) if path.starts_with('/') && path.len() > 1 => {
                Ok(ScannerAddress::Unix(path.into()))
            }
            Some(("tcp", rest)) => {
                let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
                let port = port.parse().ok().filter(|&port| port != 0).ok_or_else(wrong)?;
                let host = match host.strip_prefix('[').map(|host| host.strip_suffix(']')) {
                    Some(inner) => inner.filter(|inner| inner.contains(':')).ok_or_else(wrong)?,
                    None => host,
                };
                let bare = !host.is_empty() && !host.contains(['/', '@', '[', ']', ' ', '?', '#']);
                let bare = bare && (!host.contains(':') || rest.starts_with('['));
                bare.then(|| ScannerAddress::Tcp { host: host.to_owned(), port }).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for ScannerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScannerAddress::Tcp { host, port } if host.contains(':') => {
                write!(f, "tcp://[{host}]:{port}")
            }
            ScannerAddress::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            ScannerAddress::Unix(path) => write!(f, "unix://{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_written_alike() {
        for text in [
            "tcp://127.0.0.1:3310",
            "tcp://clamd:3310",
            "tcp://[::1]:3310",
            "unix:///run/clamav/clamd.ctl",
        ] {
            assert_eq!(text.parse::<ScannerAddress>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn an_address_that_names_no_scanner_is_refused_with_an_example() {
        for text in [
            "127.0.0.1:3310",
            "tcp://",
            "tcp://clamd",
            "tcp://clamd:0",
            "tcp://clamd:99999",
            "tcp://:3310",
            "tcp://::1:3310",
            "tcp://[clamd]:3310",
            "tcp://clamd/x:3310",
            "http://clamd:3310",
            "unix://clamd.ctl",
            "unix:///",
        ] {
            let error = text.parse::<ScannerAddress>().unwrap_err();
            assert!(error.contains("tcp://host:3310") && error.contains(text), "{error}");
        }
    }
}
