//! What can go wrong, grouped by what the caller can do about it.

use std::error::Error as StdError;

/// The result of an operation on the desk.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed operation.
///
/// The variants do not name the layer that failed; they name the remedy. The
/// HTTP layer turns them into problem documents as its very last step, so
/// nothing below it knows a status code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No such record, or none that this actor may see.
    #[error("{0} does not exist")]
    NotFound(&'static str),

    /// The request is well formed, but a rule of the desk forbids it.
    #[error(transparent)]
    Refused(#[from] Rule),

    /// Fields of the request are wrong; every one of them is listed.
    #[error("{}", .0.first().map_or("the request is invalid", |field| field.detail.as_str()))]
    Invalid(Vec<FieldError>),

    /// Nobody is signed in, or no longer.
    #[error("sign in first")]
    Unauthenticated,

    /// The actor is known and may not do this.
    #[error("this needs the permission `{0}`")]
    Denied(&'static str),

    /// Someone else changed the record first; reload and try again.
    #[error("{0} was changed by someone else; load it again")]
    Stale(&'static str),

    /// More work than can be done in time; nothing was accepted.
    #[error("too busy; try again in {retry_after_ms} ms")]
    Busy {
        /// When the same request is likely to be accepted, in milliseconds.
        retry_after_ms: u64,
    },

    /// A dependency is down; the same request may succeed later.
    #[error("temporarily unavailable")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),

    /// A bug or corrupt data. The cause goes to the log, never to the client.
    #[error("internal error")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// Reports one wrong field.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Error::Invalid(vec![FieldError { pointer: pointer.into(), detail: detail.into() }])
    }

    /// Reports a bug or corrupt data.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Error::Internal(cause.into())
    }
}

/// A wrong field of a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldError {
    /// Where it is: a JSON pointer into the request.
    pub pointer: String,
    /// What is wrong, in words.
    pub detail: String,
}

/// A rule of the desk, with a code that clients may match on.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Rule {
    /// Work on a resolved conversation starts by reopening it.
    #[error("the conversation is resolved; reopen it first")]
    ConversationResolved,
    /// Only a resolved conversation can be rated.
    #[error("the conversation is not resolved yet; rate it afterwards")]
    RatingTooEarly,
    /// An agent that cannot sign in cannot be given work.
    #[error("the agent is deactivated; choose another")]
    AgentDeactivated,
    /// Somebody must remain who can administer the account.
    #[error("the account would be left without an owner; make another agent owner first")]
    LastOwner,
    /// A name that must be unique is in use.
    #[error("the name is taken; choose another")]
    NameTaken,
    /// A message can be retracted by its sender only.
    #[error("only whoever sent a message may retract it")]
    NotYourMessage,
    /// A file belongs to one message.
    #[error("the attachment does not exist or is already part of a message; upload it again")]
    AttachmentUnusable,
    /// A file is held back until a scanner has looked at it.
    #[error("the file is still being scanned; open it once that is done")]
    FileScanning,
    /// A scanner objected to a file.
    #[error("the file did not pass the security check and was removed; send another")]
    FileRefused,
    /// The bot is switched off for the inbox.
    #[error("the inbox has no bot; switch it on first")]
    NoBot,
    /// There are no files of a bot to learn from.
    #[error("the account has no bot; put its files into the data folder first")]
    NoBotFiles,
    /// Nothing can be learned from files with mistakes in them.
    #[error("the bot's files have a mistake in them; mend it first, `attune doctor` names it")]
    BotFilesWrong,
    /// One sentence does not mean two things.
    #[error("another intent has this example; change or remove it there first")]
    ExampleElsewhere,
    /// A model that learned a test cannot be measured by it.
    #[error("this sentence is one of the bot's tests, which it must not learn from")]
    ExampleIsTest,
    /// An intent without examples is none.
    #[error("it is the last example of its intent; add another first")]
    LastExample,
    /// One training at a time is enough.
    #[error("a training is under way; wait until it is done, or remove it")]
    TrainingUnderWay,
    /// One discovery at a time is enough.
    #[error("a discovery is under way; wait until it is done")]
    DiscoveryUnderWay,
    /// Only what was trained well can be used.
    #[error("the release is not trained; choose one that is, or train another")]
    ReleaseNotTrained,
    /// What is in use is not removed.
    #[error("the release is in use or on trial; publish another, or end the trial first")]
    ReleaseInUse,
    /// The files of a release are not what was written.
    #[error("the files of the release are missing or damaged; train another, or restore them")]
    ReleaseDamaged,
    /// There is nothing to go back to.
    #[error("no other release was in use before; publish one by its id")]
    NoPreviousRelease,
    /// A request that changes something is carried out once.
    #[error(
        "a request with this Idempotency-Key was carried out, and its answer is not at hand; look at what it did, or use another key to do it again"
    )]
    AlreadyCarriedOut,
    /// A limit on how many may exist is reached.
    #[error("the limit is reached; remove one first")]
    LimitReached,
}

impl Rule {
    /// The stable, documented name of this rule.
    pub fn code(self) -> &'static str {
        match self {
            Rule::ConversationResolved => "conversation-resolved",
            Rule::RatingTooEarly => "rating-too-early",
            Rule::AgentDeactivated => "agent-deactivated",
            Rule::LastOwner => "last-owner",
            Rule::NameTaken => "name-taken",
            Rule::NotYourMessage => "not-your-message",
            Rule::AttachmentUnusable => "attachment-unusable",
            Rule::FileScanning => "file-scanning",
            Rule::FileRefused => "file-refused",
            Rule::NoBot => "no-bot",
            Rule::NoBotFiles => "no-bot-files",
            Rule::BotFilesWrong => "bot-files-wrong",
            Rule::ExampleElsewhere => "example-elsewhere",
            Rule::ExampleIsTest => "example-is-test",
            Rule::LastExample => "last-example",
            Rule::TrainingUnderWay => "training-under-way",
            Rule::DiscoveryUnderWay => "discovery-under-way",
            Rule::ReleaseNotTrained => "release-not-trained",
            Rule::ReleaseInUse => "release-in-use",
            Rule::ReleaseDamaged => "release-damaged",
            Rule::NoPreviousRelease => "no-previous-release",
            Rule::AlreadyCarriedOut => "already-carried-out",
            Rule::LimitReached => "limit-reached",
        }
    }
}
