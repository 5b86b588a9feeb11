//! Attachments: files on their way into a message, and out of it.
//!
//! A stranger's file is known by what it is, not by what it says; see
//! [`kind`]. Pictures are made anew, see [`picture`]; archives are judged by
//! their directory, see [`archive`]. What is kept has a name that the server
//! drew. Where there is a scanner nobody gets a file before it was found clean,
//! see [`quarantine`]. Whoever may see a file gets a signed address that soon
//! ends, and the place that serves it needs to know nobody.

mod archive;
mod kind;
mod picture;
mod quarantine;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use domain::{
    ATTACHMENT_BYTES_MAX, Account, Attachment, AttachmentState, Conversation, Error, Id, Owner,
    Permission, Result, Rule, Visitor,
};
use jiff::{SignedDuration, Timestamp};
use store::blob::Blobs;
use store::{Reader, Tx, attachment, conversation};
use subtle::ConstantTimeEq as _;

use crate::secret::sign;
use crate::work::{self, Work};
use crate::{Actor, Desk};
use kind::{Kind, Name, refused};

pub(crate) use quarantine::{Quarantine, scan};

/// How long a signed address works.
const ADDRESS_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long an upload waits to be sent.
const UNSENT_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How many uploads may wait to be sent, of one visitor and of one agent.
const VISITOR_UNSENT_MAX: u64 = 20;
const AGENT_UNSENT_MAX: u64 = 100;

/// A file that somebody sends us.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What it is called there.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
    /// What it is said to be, if anything is said.
    pub declared_type: Option<String>,
}

/// An address from which a file can be fetched for a short time, by anybody.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedFile {
    /// The path and query, from the root of whatever serves files.
    pub path: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Desk {
    /// Takes in a file of `owner`, who may send it with a message within a day.
    /// Whether the owner may upload at all is the caller's to know.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] at `/file`, which says what is wrong with it;
    /// [`Rule::LimitReached`] if too many uploads wait to be sent;
    /// [`Error::Busy`] if too many pictures are worked on.
    pub async fn upload(
        &self,
        owner: Owner,
        account: Id<Account>,
        upload: Upload,
    ) -> Result<Attachment> {
        check_size(upload.bytes.len())?;
        let name = Name::clean(&upload.name)?;
        let kind = Kind::of(&name, upload.declared_type.as_deref(), &upload.bytes)?;
        check_room(&self.read(account), &owner).await?;
        let (bytes, dimensions) = renewed(kind, upload.bytes).await?;

        let now = self.now();
        let key = Blobs::key(account, u128::from_le_bytes(self.draw()));
        let size = bytes.len() as i64;
        let state = self.parts.quarantine.initial();
        let insert = move |tx: Tx| async move {
            check_room(&tx, &owner).await?;
            let attachment = Attachment {
                id: tx.id()?,
                conversation: None,
                name: name.text,
                content_type: kind.content_type.to_owned(),
                size,
                width: dimensions.map(|(width, _)| width),
                height: dimensions.map(|(_, height)| height),
                blob_key: key.clone(),
                state,
                created_at: now,
            };
            attachment::insert(&tx, &attachment, &owner).await?;
            let discard = Work::DiscardUpload { attachment: attachment.id, key };
            work::enqueue(&tx, &discard, now + UNSENT_LIFE, now).await?;
            Ok(attachment)
        };
        // The row is first: bytes that nothing names would never be found again.
        let attachment = self.parts.store.write(account, insert).await?;
        if let Err(error) = self.parts.blobs.put(&attachment.blob_key, bytes).await {
            let id = attachment.id;
            let forget = move |tx: Tx| async move { attachment::delete_unsent(&tx, id).await };
            self.parts.store.write(account, forget).await?;
            return Err(error);
        }
        if state == AttachmentState::Scanning {
            quarantine::enqueue(self, account, attachment.id).await?;
        }
        Ok(attachment)
    }

    /// Takes in a file of an agent; see [`Desk::upload`].
    ///
    /// # Errors
    ///
    /// As [`Desk::upload`]; [`Error::Denied`] without
    /// [`Permission::WriteConversations`].
    pub async fn upload_by_agent(&self, actor: &Actor, upload: Upload) -> Result<Attachment> {
        actor.needs(Permission::WriteConversations)?;
        self.upload(Owner::Agent(actor.agent), actor.account, upload).await
    }

    /// Gives an agent an address for a file that was sent, or that the agent
    /// uploaded.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::ReadConversations`];
    /// [`Error::NotFound`]; [`Rule::FileScanning`], [`Rule::FileRefused`]
    pub async fn signed_file(&self, actor: &Actor, id: Id<Attachment>) -> Result<SignedFile> {
        actor.needs(Permission::ReadConversations)?;
        let reader = self.read(actor.account);
        let found = attachment::find(&reader, id).await?.ok_or(Error::NotFound("file"))?;
        if found.conversation.is_none() {
            let own = attachment::find_owned(&reader, id, &Owner::Agent(actor.agent)).await?;
            own.ok_or(Error::NotFound("file"))?;
        }
        found.check_clean()?;
        Ok(self.sign_address(actor.account, id))
    }

    /// Gives a visitor an address for a file of the visitor's own thread, or that
    /// the visitor uploaded.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`]; [`Rule::FileScanning`], [`Rule::FileRefused`]
    pub async fn signed_file_for_visitor(
        &self,
        account: Id<Account>,
        visitor: &Visitor,
        id: Id<Attachment>,
    ) -> Result<SignedFile> {
        let reader = self.read(account);
        // Uploads first: whoever asks for one while the first message is being
        // written is no contact yet when they ask, and it is in a thread when it
        // is looked for.
        let found = match attachment::find_owned(&reader, id, &Owner::of(visitor)).await? {
            Some(own) => own,
            None => {
                find_in_thread_of(&reader, visitor, id).await?.ok_or(Error::NotFound("file"))?
            }
        };
        found.check_clean()?;
        Ok(self.sign_address(account, id))
    }

    /// Opens the file at a signed address: the parts of [`SignedFile::path`].
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if the address is wrong or has ended, or the file is
    /// gone: nobody learns which.
    pub async fn open_file(
        &self,
        account: Id<Account>,
        id: Id<Attachment>,
        expires: i64,
        signature: &str,
    ) -> Result<(Attachment, Bytes)> {
        let given = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        let genuine =
            bool::from(self.address_signature(account, id, expires).as_slice().ct_eq(&given));
        let latest = (self.now() + ADDRESS_LIFE).as_second();
        if !genuine || !(self.now().as_second()..=latest).contains(&expires) {
            return Err(Error::NotFound("file"));
        }
        let found =
            attachment::find(&self.read(account), id).await?.ok_or(Error::NotFound("file"))?;
        // Nobody gets an address before that; and should somebody have one, it
        // opens nothing.
        found.check_clean().map_err(|_| Error::NotFound("file"))?;
        let bytes = self.parts.blobs.get(&found.blob_key).await?;
        Ok((found, bytes))
    }

    fn sign_address(&self, account: Id<Account>, id: Id<Attachment>) -> SignedFile {
        let expires = (self.now() + ADDRESS_LIFE).as_second();
        let signature = URL_SAFE_NO_PAD.encode(self.address_signature(account, id, expires));
        let path = format!("/files/{account}/{id}?expires={expires}&signature={signature}");
        let expires_at = Timestamp::from_second(expires).unwrap_or(Timestamp::MAX);
        SignedFile { path, expires_at }
    }

    fn address_signature(
        &self,
        account: Id<Account>,
        id: Id<Attachment>,
        expires: i64,
    ) -> [u8; 32] {
        let parts = [account.number(), id.number(), expires].map(i64::to_le_bytes);
        sign(&self.parts.keys.file, &[&parts[0], &parts[1], &parts[2]])
    }
}

/// Finds a file that was sent in the thread of `visitor`.
async fn find_in_thread_of(
    reader: &Reader,
    visitor: &Visitor,
    id: Id<Attachment>,
) -> Result<Option<Attachment>> {
    let Some(found) = attachment::find(reader, id).await? else { return Ok(None) };
    let Some(thread) = found.conversation else { return Ok(None) };
    let thread = conversation::find(reader, thread).await?;
    let own =
        |thread: &Conversation| (thread.contact, thread.inbox) == (visitor.contact, visitor.inbox);
    Ok(thread.as_ref().is_some_and(own).then_some(found))
}

/// Forgets the files of a message that was taken back: at once what is known of
/// them, and their bytes soon after the commit.
pub(crate) async fn discard_of_message(
    tx: &Tx,
    conversation: Id<Conversation>,
    seq: i64,
    now: Timestamp,
) -> Result<()> {
    for found in attachment::list_of_message(tx, conversation, seq).await? {
        work::enqueue(tx, &Work::DeleteBlob { key: found.blob_key }, now, now).await?;
    }
    attachment::delete_of_message(tx, conversation, seq).await
}

/// Forgets an upload that was not sent in time; one that was sent stays.
pub(crate) async fn discard_upload(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Attachment>,
    key: &str,
) -> Result<()> {
    let forget = move |tx: Tx| async move {
        attachment::delete_unsent(&tx, id).await?;
        attachment::find(&tx, id).await
    };
    match desk.parts.store.write(account, forget).await? {
        Some(_sent) => Ok(()),
        None => desk.parts.blobs.delete(key).await,
    }
}

fn check_size(bytes: usize) -> Result<()> {
    if bytes == 0 {
        return Err(refused("the file is empty"));
    }
    if bytes > ATTACHMENT_BYTES_MAX {
        let detail =
            format!("the file has {bytes} bytes; at most {ATTACHMENT_BYTES_MAX} are allowed");
        return Err(refused(detail));
    }
    Ok(())
}

/// Checks that `owner` may have one more upload that waits to be sent.
async fn check_room(reader: &store::Reader, owner: &Owner) -> Result<()> {
    let unsent_max = match owner {
        Owner::Agent(_) => AGENT_UNSENT_MAX,
        Owner::Visitor(_) => VISITOR_UNSENT_MAX,
    };
    if attachment::count_unsent(reader, owner).await? >= unsent_max {
        return Err(Rule::LimitReached.into());
    }
    Ok(())
}

/// What is kept of a file, with its width and height if it is a picture.
async fn renewed(kind: &Kind, bytes: Bytes) -> Result<(Bytes, Option<(i32, i32)>)> {
    let Some(format) = kind.picture() else { return Ok((bytes, None)) };
    let picture = picture::renew(format, bytes).await?;
    if picture.bytes.len() > ATTACHMENT_BYTES_MAX {
        return Err(refused("the picture is too large once it is saved anew; send it as a JPEG"));
    }
    let (width, height) = (picture.width as i32, picture.height as i32);
    Ok((picture.bytes.into(), Some((width, height))))
}
