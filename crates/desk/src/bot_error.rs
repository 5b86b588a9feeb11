//! Why a bot cannot be loaded, or its model made.

/// Why a bot cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum BotError {
    /// A file is missing or wrong; the message names it.
    #[error("{0}")]
    Files(String),
    /// The examples cannot be learned from.
    #[error("the bot's examples cannot be learned from: {0}")]
    Training(#[from] nlu::TrainError),
    /// The encoder cannot be read, or cannot learn.
    #[error("the encoder that `understanding` names: {0}")]
    Encoder(#[from] nlu::EncoderError),
    /// The trained model cannot be written or read.
    #[error("the release cannot be used: {0}")]
    Release(#[from] nlu::ReleaseError),
    /// The database cannot say which release is in use, or keep another.
    #[error("the releases cannot be read or written: {0}")]
    Desk(#[from] domain::Error),
}
