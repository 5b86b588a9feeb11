//! The demo company: one that is there at once, in one command.
//!
//! What serves it is `serve`. The company is made of the files in `examples/demo`, which are inside the
//! binary, by the use cases that everybody has. Its bot's files are copied into
//! the data folder and can be edited there.

mod company;
mod site;

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use desk::Desk;
use domain::{Agent, Id, Inbox};
use rust_embed::Embed;
use serde::{Deserialize, Serialize};

use crate::boot;
use crate::failure::{Failure, Result};
use crate::pages::Origins;

pub(crate) use site::site;

/// The demo company's files: what it is, its bot, its web page.
#[derive(Embed)]
#[folder = "../../examples/demo"]
struct Files;

/// The note in the data folder that names the demo company.
const NOTE: &str = "demo.json";

/// The demo company, once it is there.
pub(crate) struct Company {
    /// What its page needs.
    pub(crate) inbox: Inbox,
    owner: Agent,
}

/// What the note says.
#[derive(Deserialize, Serialize)]
struct Note {
    account: i64,
    /// Whether everything was made; if not, the rest is made at the next start.
    complete: bool,
}

/// Makes sure that the demo company is there, unless there is another, and
/// returns what to say about it.
pub(crate) async fn prepare(desk: &Desk, data_dir: &Path, origins: &Origins) -> Result<String> {
    let made = create(desk, data_dir, origins).await?;
    match find(desk, data_dir).await? {
        Some(company) => welcome(desk, &company, origins, made).await,
        None => Ok("this folder holds a company of your own, so the demo company was not created"
            .to_owned()),
    }
}

/// Finds the demo company, if this installation has it.
pub(crate) async fn find(desk: &Desk, data_dir: &Path) -> Result<Option<Company>> {
    let Some(note) = read_note(data_dir)?.filter(|note| note.complete) else { return Ok(None) };
    let reader = desk.store().read(Id::new(note.account));
    let inbox = store::inbox::list(&reader).await?.into_iter().next();
    let owner = store::agent::list(&reader)
        .await?
        .into_iter()
        .find(|agent| agent.role == domain::Role::Owner);
    Ok(inbox.zip(owner).map(|(inbox, owner)| Company { inbox, owner }))
}

/// Creates the demo company if there is no company, or finishes what an
/// earlier start began. Returns whether there was anything to do.
async fn create(desk: &Desk, data_dir: &Path, origins: &Origins) -> Result<bool> {
    let blueprint = company::Blueprint::read()?;
    let account = match read_note(data_dir)? {
        Some(note) => Id::new(note.account),
        None => match desk.list_accounts().await?.as_slice() {
            [] => blueprint.open_account(desk).await?,
            // A start that ended between the account and the note.
            [only] if blueprint.is_unfinished(desk, only).await? => only.id,
            _ => return Ok(false),
        },
    };
    let complete = read_note(data_dir)?.is_some_and(|note| note.complete);
    if !complete {
        write_note(data_dir, &Note { account: account.number(), complete: false })?;
        blueprint.furnish(desk, account).await?;
        copy_bot(&boot::bot_folder(data_dir, account))?;
        write_note(data_dir, &Note { account: account.number(), complete: true })?;
    }
    blueprint.allow_own_page(desk, account, origins).await?;
    Ok(!complete)
}

/// Copies the bot's files; those that are there already may have been edited.
fn copy_bot(folder: &Path) -> Result {
    let is_of_bot = |path: &str| {
        matches!(path, "bot.yml" | "entities.yml")
            || path.starts_with("intents/")
            || path.ends_with(".tsv")
    };
    for path in Files::iter().filter(|path| is_of_bot(path)) {
        let Some(file) = Files::get(&path) else { continue };
        let to = folder.join(path.as_ref());
        if to.exists() {
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&to, file.data)?;
    }
    Ok(())
}

/// The pages to open, and a login that works once.
async fn welcome(desk: &Desk, company: &Company, origins: &Origins, made: bool) -> Result<String> {
    let link = desk.create_login_link(&company.owner).await?;
    let (public, console) = (&origins.public, &origins.console);
    let first = if made {
        "The demo company is there."
    } else {
        "The demo company is there, with its data."
    };
    Ok(format!(
        "\n{first} Open in a browser:\n\n\
         \x20 its web page, with the chat   {public}/demo/zh.html (中文)  {public}/demo/index.html (English)\n\
         \x20 the agents' console           {console}/console/\n\
         \x20 the interface, to browse      {public}/api/v1/docs\n\n\
         Sign in to the console as {}, once, within an hour:\n\n\
         \x20 {console}/console/login#token={}\n\n\
         Let visitors come, from another terminal:\n\n\
         \x20 attune simulate --url {public} --inbox {} --sessions-per-second 2\n\n\
         End it with Ctrl-C.",
        company.owner.name,
        link.reveal(),
        company.inbox.key
    ))
}

fn read_note(data_dir: &Path) -> Result<Option<Note>> {
    let path = data_dir.join(NOTE);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Failure::start(format!("{} cannot be read: {error}; remove it", path.display()))
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes the note whole or not at all.
fn write_note(data_dir: &Path, note: &Note) -> Result {
    let new = data_dir.join("demo.json.new");
    fs::write(&new, serde_json::to_vec(note)?)?;
    Ok(fs::rename(&new, data_dir.join(NOTE))?)
}
