use bytes::Bytes;
use desk::{SendMessage, Upload};
use domain::{Attachment, Conversation, Error, Id, Job, JobState, Message, Role};
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, attachment, job};
use uuid::Uuid;

use crate::{World, desk_tests, eventually};

desk_tests! {
    the_files_of_a_message_that_was_taken_back_are_forgotten
    an_upload_that_was_not_sent_within_a_day_is_forgotten
    work_that_cannot_be_done_waits_longer_and_longer_and_then_for_a_person
    a_worker_that_dies_leaves_its_job_to_the_next
    only_who_may_integrate_sees_jobs_and_only_of_the_own_account
}

impl World {
    async fn uploaded(&self) -> Attachment {
        let upload = Upload {
            name: "说明.txt".into(),
            bytes: Bytes::from_static("收益说明".as_bytes()),
            declared_type: Some("text/plain".into()),
        };
        self.desk.upload_by_agent(&self.owner, upload).await.unwrap()
    }

    async fn sent(&self, conversation: Id<Conversation>, file: Id<Attachment>) -> Id<Message> {
        let said = SendMessage {
            client_id: Uuid::from_u128(file.number() as u128),
            text: "请看附件".into(),
            quick_reply: None,
            attachments: vec![file],
        };
        self.desk.send_message(&self.owner, conversation, said).await.unwrap().id
    }

    async fn forgotten(&self, file: &Attachment) {
        let gone = async || {
            matches!(self.blobs.get(&file.blob_key).await, Err(Error::NotFound(_))).then_some(())
        };
        eventually("the bytes are gone", gone).await;
    }

    async fn queue(&self, kind: &'static str, payload: serde_json::Value) -> Id<Job> {
        let now = self.now();
        let write = self.store.write(self.account, move |tx: Tx| async move {
            let (attempts, state, last_error) = (0, JobState::Waiting, None);
            let (id, kind) = (tx.id()?, kind.to_owned());
            let job = Job {
                id,
                kind,
                payload,
                attempts,
                state,
                last_error,
                run_at: now,
                created_at: now,
            };
            job::insert(&tx, &job).await?;
            Ok(id)
        });
        write.await.unwrap()
    }

    async fn jobs(&self, state: JobState) -> Vec<Job> {
        self.desk.list_jobs(&self.owner, state, None, 100).await.unwrap()
    }
}

async fn the_files_of_a_message_that_was_taken_back_are_forgotten(world: World) {
    let thread = world.conversation().await.id;
    let (taken_back, kept) = (world.uploaded().await, world.uploaded().await);
    let message = world.sent(thread, taken_back.id).await;
    world.sent(thread, kept.id).await;
    let _worker = world.work();

    world.desk.retract_message(&world.owner, thread, message).await.unwrap();

    world.forgotten(&taken_back).await;
    assert_eq!(
        attachment::find(&world.store.read(world.account), taken_back.id).await.unwrap(),
        None
    );
    assert_eq!(world.blobs.get(&kept.blob_key).await.unwrap(), "收益说明".as_bytes());
}

async fn an_upload_that_was_not_sent_within_a_day_is_forgotten(world: World) {
    let thread = world.conversation().await.id;
    let (unsent, sent) = (world.uploaded().await, world.uploaded().await);
    world.sent(thread, sent.id).await;
    let _worker = world.work();
    assert_eq!(world.jobs(JobState::Waiting).await.len(), 2);

    world.clock.advance(SignedDuration::from_hours(24));

    world.forgotten(&unsent).await;
    let done = async || world.jobs(JobState::Waiting).await.is_empty().then_some(());
    eventually("the queue is empty", done).await;
    assert!(matches!(
        world.desk.signed_file(&world.owner, unsent.id).await,
        Err(Error::NotFound(_))
    ));
    assert!(world.desk.signed_file(&world.owner, sent.id).await.is_ok());
    assert_eq!(world.blobs.get(&sent.blob_key).await.unwrap(), "收益说明".as_bytes());
}

async fn work_that_cannot_be_done_waits_longer_and_longer_and_then_for_a_person(world: World) {
    let id = world.queue("fold-paper", serde_json::json!({})).await;
    let _worker = world.work();
    let mut waits = Vec::new();
    for attempts in 1..10 {
        let failed = async || {
            let waiting = world.jobs(JobState::Waiting).await;
            waiting.into_iter().find(|job| {
                job.attempts == attempts && job.last_error.is_some() && is_settled(job, &world)
            })
        };
        let failed = eventually("it fails", failed).await;
        waits.push(failed.run_at.duration_since(world.now()).as_secs());
        world.clock.advance(failed.run_at.duration_since(world.now()));
    }

    let dead = async || world.jobs(JobState::Dead).await.pop();
    let dead = eventually("it is given up", dead).await;

    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1_280]);
    assert_eq!((dead.id, dead.attempts), (id, 10));
    assert!(dead.last_error.unwrap().contains("fold-paper"));
    world.desk.retry_job(&world.owner, id).await.unwrap();
    assert!(
        matches!(world.desk.retry_job(&world.owner, id).await, Err(Error::NotFound(_))),
        "it is not dead"
    );
}

/// Whether a job waits for its next attempt and is not claimed: claims end a
/// minute after they were made, which no back-off of these tests does.
fn is_settled(job: &Job, world: &World) -> bool {
    job.run_at.duration_since(world.now()).as_secs() != 60
}

async fn a_worker_that_dies_leaves_its_job_to_the_next(world: World) {
    let file = world.uploaded().await;
    let payload = serde_json::json!({"key": file.blob_key});
    let id = world.queue("delete-blob", payload).await;
    let now = world.now();
    let claim = move |tx: Tx| async move {
        job::claim(&tx, Kinds::All, now, now + SignedDuration::from_secs(60), 9).await
    };
    let claimed = world.store.write(domain::Account::NOBODY, claim).await.unwrap();
    assert_eq!(claimed[0].1.id, id, "somebody claimed it, and died");
    let _worker = world.work();

    world.clock.advance(SignedDuration::from_secs(60));

    world.forgotten(&file).await;
}

async fn only_who_may_integrate_sees_jobs_and_only_of_the_own_account(world: World) {
    let id = world.queue("fold-paper", serde_json::json!({})).await;
    let supervisor = world.agent(Role::Supervisor, "Sun").await;
    let stranger = world.another_account().await;

    let denied = world.desk.list_jobs(&supervisor, JobState::Dead, None, 9).await;
    assert!(matches!(denied, Err(Error::Denied("integrate"))));
    assert_eq!(world.desk.list_jobs(&stranger, JobState::Waiting, None, 9).await.unwrap(), []);
    assert!(matches!(world.desk.retry_job(&stranger, id).await, Err(Error::NotFound(_))));
    assert_eq!(world.jobs(JobState::Waiting).await.len(), 1);
}
