//! Quarantine: a file is handed out only once the scanner found it clean.
//!
//! The message that carries it does not wait. A file that cannot be scanned
//! stays where it is, and is tried until it can: nothing but a verdict ends the
//! quarantine, not even a configuration without a scanner.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::{Account, Attachment, AttachmentState, Error, EventKind, Id, News, Result};
use jiff::SignedDuration;
use store::{Tx, attachment, conversation, message};

use crate::Desk;
use crate::scanner::{Scanner, ScannerError, Verdict};
use crate::work::{self, Work};

/// How long a scanner that did not answer is left alone.
const REST: SignedDuration = SignedDuration::from_secs(5);

/// The scanner, if there is one, and until when it is left alone.
#[derive(Debug)]
pub(crate) struct Quarantine {
    scanner: Option<Scanner>,
    rests_until_ms: AtomicI64,
}

impl Quarantine {
    pub(crate) fn new(scanner: Option<Scanner>) -> Self {
        Quarantine { scanner, rests_until_ms: AtomicI64::new(i64::MIN) }
    }

    /// Whether there is a scanner.
    pub(crate) fn has_scanner(&self) -> bool {
        self.scanner.is_some()
    }

    /// What a file is that was just uploaded.
    pub(super) fn initial(&self) -> AttachmentState {
        match self.scanner {
            Some(_) => AttachmentState::Scanning,
            None => AttachmentState::Clean,
        }
    }
}

/// Queues the scan of a file whose bytes are stored.
pub(super) async fn enqueue(desk: &Desk, account: Id<Account>, id: Id<Attachment>) -> Result<()> {
    let now = desk.now();
    let queue = move |tx: Tx| async move {
        work::enqueue(&tx, &Work::ScanUpload { attachment: id }, now, now).await
    };
    desk.parts.store.write(account, queue).await?;
    desk.parts.scan_queued.notify_one();
    Ok(())
}

/// Has a file scanned and keeps the verdict. Nothing happens to a file that is
/// gone or was judged before.
pub(crate) async fn scan(desk: &Desk, account: Id<Account>, id: Id<Attachment>) -> Result<()> {
    let Some(found) = waiting(desk, account, id).await? else { return Ok(()) };
    let bytes = match desk.parts.blobs.get(&found.blob_key).await {
        // It was taken back meanwhile, with its message.
        Err(Error::NotFound(_)) if waiting(desk, account, id).await?.is_none() => return Ok(()),
        bytes => bytes?,
    };
    let state = match ask(desk, &bytes).await {
        Ok(Verdict::Clean) => AttachmentState::Clean,
        Ok(Verdict::Infected(name)) => {
            tracing::warn!(attachment.id = id.number(), found = ?name, "a file was refused by the scanner");
            AttachmentState::Refused
        }
        Err(error) => {
            metrics::counter!("attune_files_scanned_total", "result" => "failed").increment(1);
            return Err(error);
        }
    };
    judge(desk, account, id, state).await?;
    let result = if state == AttachmentState::Clean { "clean" } else { "refused" };
    metrics::counter!("attune_files_scanned_total", "result" => result).increment(1);
    Ok(())
}

/// Finds a file that waits for its verdict.
async fn waiting(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Attachment>,
) -> Result<Option<Attachment>> {
    let found = attachment::find(&desk.read(account), id).await?;
    Ok(found.filter(|found| found.state == AttachmentState::Scanning))
}

/// Asks the scanner, unless it did not answer a moment ago: a queue of files
/// would wait for the same silence one after the other.
async fn ask(desk: &Desk, bytes: &[u8]) -> Result<Verdict> {
    let Quarantine { scanner, rests_until_ms } = &desk.parts.quarantine;
    let Some(scanner) = scanner else {
        return Err(Error::Unavailable("uploads.scanner names no scanner any more".into()));
    };
    if desk.now().as_millisecond() < rests_until_ms.load(Ordering::Relaxed) {
        return Err(Error::Unavailable("the scanner did not answer a moment ago".into()));
    }
    scanner.scan(bytes).await.map_err(|error| {
        if matches!(error, ScannerError::Silent { .. }) {
            let until = desk.now() + REST;
            rests_until_ms.store(until.as_millisecond(), Ordering::Relaxed);
        }
        tracing::warn!(%error, "a file could not be scanned; it is tried again");
        Error::Unavailable(error.into())
    })
}

/// Keeps a verdict, and tells everybody who looks at the thread.
async fn judge(
    desk: &Desk,
    account: Id<Account>,
    id: Id<Attachment>,
    state: AttachmentState,
) -> Result<()> {
    let now = desk.now();
    let keep = move |tx: Tx| async move {
        let Some(judged) = attachment::judge(&tx, id, state).await? else { return Ok(()) };
        if state == AttachmentState::Refused {
            work::enqueue(&tx, &Work::DeleteBlob { key: judged.blob_key }, now, now).await?;
        }
        if let Some((thread, seq)) = judged.place {
            let conversation = conversation::find(&tx, thread).await?.map(Arc::new);
            let message = message::find(&tx, thread, seq).await?.map(Arc::new);
            let news = News { subject: seq, ..News::of(EventKind::MessageScanned, thread) };
            tx.tell(news, conversation, message, now);
        }
        Ok(())
    };
    desk.parts.store.write(account, keep).await
}
