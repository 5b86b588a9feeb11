//! Public keys with which companies sign their visitors' identities.

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
ALTER TABLE inbox ADD COLUMN identity_public_key TEXT NOT NULL DEFAULT '';
";
