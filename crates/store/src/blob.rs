//! Blobs: the bytes of attachments, in a folder or in an S3-compatible store.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use domain::{Account, Error, Id, Result};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _};

/// Where the bytes of attachments are kept.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<dyn ObjectStore>);

impl Blobs {
    /// Keeps blobs in a folder, which is made if need be.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the folder cannot be made or written.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let unavailable =
            |error: Box<dyn std::error::Error + Send + Sync>| Error::Unavailable(error);
        std::fs::create_dir_all(folder).map_err(|error| unavailable(error.into()))?;
        let local =
            LocalFileSystem::new_with_prefix(folder).map_err(|error| unavailable(error.into()))?;
        Ok(Blobs(Arc::new(local)))
    }

    /// The key of a new blob: made of the account and a name that the server
    /// drew, never of anything that a stranger sent.
    pub fn key(account: Id<Account>, name: u128) -> String {
        format!("{account}/{name:032x}")
    }

    /// Keeps a blob.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the store refuses.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<()> {
        self.0.put(&Key::from(key), bytes.into()).await.map(drop).map_err(broken)
    }

    /// Reads a blob.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn get(&self, key: &str) -> Result<Bytes> {
        let found = self.0.get(&Key::from(key)).await.map_err(broken)?;
        found.bytes().await.map_err(broken)
    }

    /// Forgets a blob; none at all is as good.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the store refuses.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.0.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }
}

fn broken(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::NotFound("file"),
        other => Error::Unavailable(other.into()),
    }
}
