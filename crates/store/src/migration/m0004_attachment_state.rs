//! Whether a file may be handed out: files of older releases may.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, UP).await
    }
}

const UP: &str = "
ALTER TABLE attachment ADD COLUMN state TEXT NOT NULL DEFAULT 'clean';
";
