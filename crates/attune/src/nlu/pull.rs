//! `attune nlu pull`: a checkpoint by its name, from a hub, into a folder that is whole or not there.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nlu::encoder::CHECKPOINT_FILES;
use outbound::{Client, IpNet, Limits, Policy, PrivateException, SystemResolver};
use serde::Serialize;
use url::Url;

use super::{load_encoder, show};
use crate::cli::PullNlu;
use crate::failure::{Failure, Result};

/// The variable that names another hub, as other programs read it too.
const HUB_VARIABLE: &str = "HF_ENDPOINT";
const HUB: &str = "https://huggingface.co";
/// The most bytes of a file; what is larger is no encoder that this machine should compute.
const FILE_BYTES_MAX: usize = 8 << 30;
const TIME_MAX: Duration = Duration::from_secs(6 * 3600);
const REDIRECTS_MAX: usize = 5;
const NAME_CHARS_MAX: usize = 96;

/// What `attune nlu pull` says.
#[derive(Serialize)]
struct Pulled {
    encoder: PathBuf,
    name: String,
    bytes: u64,
    parameters: usize,
    width: usize,
    fingerprint: String,
}

pub(super) fn run(command: &PullNlu) -> Result {
    let hub = hub(command.hub.as_deref())?;
    for (what, text) in [("checkpoint", &command.name), ("revision", &command.revision)] {
        check_name(what, text)?;
    }
    if command.out.exists() {
        let problem = format!("{} is there already: name a new folder", command.out.display());
        return Err(Failure::start(problem));
    }
    let partial = Partial::new(&command.out)?;
    let client = Client::new(policy(&hub), Arc::new(SystemResolver::default()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let bytes = runtime.block_on(fetch(&client, &hub, command, &partial.0))?;
    let encoder = load_encoder(&partial.0)?;
    fs::rename(&partial.0, &command.out)?;
    let pulled = Pulled {
        encoder: command.out.clone(),
        name: command.name.clone(),
        bytes,
        parameters: encoder.parameters(),
        width: encoder.width(),
        fingerprint: encoder.fingerprint(),
    };
    show(&pulled, command.json)
}

/// The folder that the files come into; it is removed unless it has got its name.
struct Partial(PathBuf);

impl Partial {
    fn new(out: &Path) -> Result<Self> {
        let mut name = out.as_os_str().to_owned();
        name.push(".partial");
        let partial = PathBuf::from(name);
        // What is left of a download that was killed.
        let _ = fs::remove_dir_all(&partial);
        fs::create_dir_all(&partial).map_err(|error| {
            let place = partial.display();
            Failure::start(format!("cannot make {place}: {error}: name another folder"))
        })?;
        Ok(Self(partial))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The hub that was asked for, that of the environment, or the one that everybody knows.
fn hub(asked: Option<&str>) -> Result<Url> {
    let named = asked.map(str::to_owned).or_else(|| std::env::var(HUB_VARIABLE).ok());
    let named = named.as_deref().unwrap_or(HUB);
    let problem = || Failure::start(format!("{named} is no hub: write it like {HUB}"));
    let hub = Url::parse(&format!("{}/", named.trim_end_matches('/'))).map_err(|_| problem())?;
    if hub.has_host() && matches!(hub.scheme(), "http" | "https") {
        Ok(hub)
    } else {
        Err(problem())
    }
}

/// Refuses what would lead elsewhere on the hub.
fn check_name(what: &str, text: &str) -> Result {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            && !part.starts_with('.')
    };
    let parts: Vec<&str> = text.split('/').collect();
    if text.len() <= NAME_CHARS_MAX && parts.len() <= 2 && parts.into_iter().all(is_part) {
        return Ok(());
    }
    let like = "intfloat/multilingual-e5-small";
    Err(Failure::start(format!("{text:?} is no name of a {what}: write it like {like} or main")))
}

/// What the download may do: reach the hub wherever whoever typed its address says that it is, and else the internet.
fn policy(hub: &Url) -> Policy {
    let port = hub.port_or_known_default().unwrap_or(443);
    let addresses = hub.socket_addrs(|| None).into_iter().flatten();
    let excepted = |address: std::net::SocketAddr| PrivateException {
        network: IpNet::from(address.ip()),
        port: Some(port),
    };
    let is_named = hub.as_str().trim_end_matches('/') != HUB;
    Policy {
        allow_http: hub.scheme() == "http",
        allow_private: addresses.filter(|_| is_named).map(excepted).collect(),
        total_timeout: TIME_MAX,
        body_bytes_max: FILE_BYTES_MAX,
        body_bytes_per_second_max: usize::MAX,
        ..Policy::default()
    }
}

/// Fetches the files of a checkpoint; returns how many bytes they have.
async fn fetch(client: &Client, hub: &Url, command: &PullNlu, folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for (file, is_needed) in CHECKPOINT_FILES {
        let (name, revision) = (&command.name, &command.revision);
        let url = format!("{hub}{name}/resolve/{revision}/{file}");
        let refuse = |problem: &dyn fmt::Display| {
            Failure::start(format!("cannot fetch {file} of {name} from {hub}: {problem}"))
        };
        let target = client.parse(&url).map_err(|refusal| refuse(&refusal))?;
        let path = folder.join(file);
        let own = path.parent().unwrap_or(folder);
        fs::create_dir_all(own)?;
        let mut kept = File::create(&path)?;
        let mut progress = watch(file);
        let limits = Limits { redirects_max: REDIRECTS_MAX, ..Limits::default() };
        let answer = client
            .download(&target, limits, |chunk| {
                progress(chunk.len());
                kept.write_all(chunk)
            })
            .await
            .map_err(|error| refuse(&error))?;
        match (answer.status, is_needed) {
            _ if answer.is_success() => bytes += kept.metadata()?.len(),
            (404, false) if own == folder => fs::remove_file(&path)?,
            (404, false) => fs::remove_dir_all(own)?,
            (status, _) => return Err(refuse(&remedy(status))),
        }
        kept.sync_all()?;
    }
    Ok(bytes)
}

/// What to do about an answer that is no file.
fn remedy(status: u16) -> String {
    let remedy = match status {
        404 => {
            "there is none; check the name, or take a checkpoint that has its weights as safetensors"
        }
        401 | 403 => "it is not for everybody; download it by hand and name its folder",
        429 | 500.. => "the hub is busy; try again later",
        _ => "the hub does not understand; check its address",
    };
    format!("answer {status}: {remedy}")
}

/// Shows how much of a file has come on standard error, if a person reads along.
fn watch(file: &str) -> impl FnMut(usize) {
    let shown = io::stderr().is_terminal();
    let mut come = 0;
    move |bytes| {
        come += bytes;
        if shown {
            eprint!("\r{file}: {:.1} MiB   ", come as f64 / f64::from(1 << 20));
        }
    }
}

impl fmt::Display for Pulled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "encoder      {}", self.encoder.display())?;
        writeln!(f, "name         {}", self.name)?;
        writeln!(f, "MiB          {:>10.1}", self.bytes as f64 / f64::from(1 << 20))?;
        writeln!(f, "parameters   {:>10}", self.parameters)
    }
}
