//! Files that are held back: no route hands them out.

use domain::{Attachment, AttachmentState, Id, Owner};
use jiff::Timestamp;
use store::{Tx, attachment};

use crate::{As, World};

/// Adds a file of an agent in a state, with bytes that must not leave.
async fn file(world: &World, agent: &domain::Agent, state: AttachmentState) -> Id<Attachment> {
    let (account, owner) = (agent.account, Owner::Agent(agent.id));
    let blob_key = store::blob::Blobs::key(account, 7);
    let write = world.store.write(account, move |tx: Tx| async move {
        let attachment = Attachment {
            id: tx.id()?,
            conversation: None,
            name: "a.txt".into(),
            content_type: "text/plain".into(),
            size: 5,
            width: None,
            height: None,
            blob_key,
            state,
            created_at: Timestamp::UNIX_EPOCH,
        };
        attachment::insert(&tx, &attachment, &owner).await?;
        Ok(attachment.id)
    });
    write.await.unwrap()
}

async fn a_file_that_is_held_back_says_why_and_gets_no_address(world: World) {
    let (_, owner) = world.account("acme").await;
    let token = world.token(&owner).await;

    for (state, code) in
        [(AttachmentState::Scanning, "file-scanning"), (AttachmentState::Refused, "file-refused")]
    {
        let id = file(&world, &owner, state).await;
        let path = format!("/api/v1/attachments/{id}");
        world.get(&path, As::Token(&token)).await.is_problem(409, code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_held_back_says_why_and_gets_no_address_on_sqlite() {
    a_file_that_is_held_back_says_why_and_gets_no_address(World::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_held_back_says_why_and_gets_no_address_on_postgres() {
    a_file_that_is_held_back_says_why_and_gets_no_address(World::on_postgres().await).await;
}
