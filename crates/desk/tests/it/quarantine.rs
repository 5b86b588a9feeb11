//! Files are held back until a scanner found them clean; messages are not.

use std::time::Duration;

use bytes::Bytes;
use desk::{Desk, Hint, SendMessage, SignedFile, Upload};
use domain::{
    Attachment, AttachmentState, Conversation, Error, EventKind, Id, JobState, Message, Owner,
    Rule, Visitor,
};
use jiff::SignedDuration;
use store::job::Kinds;
use store::{Tx, attachment, job, message};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clamd::{Clamd, Habit, eicar};
use crate::{Worker, World, desk_tests, eventually, in_time};

desk_tests! {
    a_message_arrives_at_once_and_its_file_once_it_is_clean
    a_file_that_is_infected_is_never_handed_out_and_its_bytes_are_gone
    a_file_that_was_judged_before_it_is_sent_comes_as_what_it_is
    while_the_scanner_is_down_files_wait_and_nothing_is_given_up
    a_scanner_that_is_slow_or_makes_no_sense_leaves_files_where_they_are
    a_scan_that_takes_long_holds_up_nothing_else
    a_worker_that_dies_while_it_scans_leaves_the_file_to_the_next
    what_waits_goes_on_waiting_when_no_scanner_is_named_any_more
    a_message_that_was_taken_back_takes_its_file_out_of_the_queue
    without_a_scanner_a_file_is_clean_and_nothing_is_queued_for_it
}

/// A desk whose uploads are scanned, and its worker.
struct Ward {
    desk: Desk,
    worker: Worker,
}

impl World {
    fn ward(&self) -> Ward {
        let desk = self.scanned_by(Clamd::scanner(self.folder.path()));
        let worker = Worker::start(&desk);
        Ward { desk, worker }
    }

    async fn state_of(&self, file: &Attachment) -> AttachmentState {
        let found = attachment::find(&self.store.read(self.account), file.id).await.unwrap();
        found.expect("it is there").state
    }

    async fn becomes(&self, file: &Attachment, state: AttachmentState) {
        let become_so = async || (self.state_of(file).await == state).then_some(());
        eventually("the verdict", become_so).await;
    }

    /// How the last attempt to scan went wrong, once there were so many.
    async fn failed(&self, attempts: i32) -> String {
        let failed = async || {
            let waiting = self.desk.list_jobs(&self.owner, JobState::Waiting, None, 100).await;
            let scan = waiting.unwrap().into_iter().find(|job| job.kind == "scan-upload")?;
            // A claim ends a minute after it was made, which no wait does.
            let is_settled = scan.run_at.duration_since(self.now()).as_secs() != 60;
            (scan.attempts >= attempts && is_settled).then_some(scan.last_error).flatten()
        };
        eventually("the scan fails", failed).await
    }
}

impl Ward {
    async fn take(&self, world: &World, content: &str) -> Attachment {
        let bytes = Bytes::copy_from_slice(content.as_bytes());
        let upload = Upload { name: "a.txt".into(), bytes, declared_type: None };
        self.desk.upload_by_agent(&world.owner, upload).await.unwrap()
    }

    async fn send(&self, world: &World, thread: Id<Conversation>, file: &Attachment) -> Message {
        let said = SendMessage {
            client_id: Uuid::from_u128(file.id.number() as u128),
            text: "请看附件".into(),
            quick_reply: None,
            attachments: vec![file.id],
        };
        let sent = self.desk.send_message(&world.owner, thread, said).await.unwrap();
        let message = sent.added.last().expect("the message itself");
        (**message).clone()
    }

    async fn open(&self, signed: &SignedFile, file: &Attachment, world: &World) -> Bytes {
        let (_, query) = signed.path.split_once("?expires=").unwrap();
        let (expires, signature) = query.split_once("&signature=").unwrap();
        let expires = expires.parse().unwrap();
        self.desk.open_file(world.account, file.id, expires, signature).await.unwrap().1
    }

    /// Expects that neither an agent nor the visitor gets an address of the file.
    async fn holds_back(&self, world: &World, file: &Attachment, contact: i64, rule: Rule) {
        let visitor = Visitor {
            token_hash: vec![1; 32],
            inbox: world.inbox.id,
            contact: Id::new(contact),
            expires_at: world.now() + SignedDuration::from_hours(1),
        };
        let agents = self.desk.signed_file(&world.owner, file.id).await;
        let visitors = self.desk.signed_file_for_visitor(world.account, &visitor, file.id).await;
        for answer in [agents, visitors] {
            assert!(matches!(answer, Err(Error::Refused(found)) if found == rule), "{answer:?}");
        }
    }
}

async fn a_message_arrives_at_once_and_its_file_once_it_is_clean(world: World) {
    let ward = world.ward();
    let thread = world.conversation().await;
    let gateway = ward.desk.gateway().await.unwrap();
    let shutdown = CancellationToken::new();
    tokio::spawn(gateway.run(shutdown.clone()));
    let mut visitors_watch = ward.desk.watch_contact(thread.contact);
    let file = ward.take(&world, "hello").await;

    let message = ward.send(&world, thread.id, &file).await;

    assert_eq!(message.attachments[0].state, AttachmentState::Scanning);
    ward.holds_back(&world, &file, thread.contact.number(), Rule::FileScanning).await;
    world.failed(1).await;
    let _clamd = Clamd::start(world.folder.path(), Habit::Honest);
    world.clock.advance(SignedDuration::from_secs(5));
    let told = in_time(async {
        loop {
            if let Hint::Event(told) = visitors_watch.next().await
                && told.event.kind == EventKind::MessageScanned
            {
                break told;
            }
        }
    })
    .await;
    let scanned = told.message.clone().unwrap();
    assert_eq!((scanned.id, scanned.seq), (message.id, message.seq));
    assert_eq!(scanned.attachments[0].state, AttachmentState::Clean);
    let signed = ward.desk.signed_file(&world.owner, file.id).await.unwrap();
    assert_eq!(ward.open(&signed, &file, &world).await, "hello");
    let events = ward.desk.events_after(world.account, told.event.cursor - 1, 1).await.unwrap();
    assert_eq!(events[0].event.kind, EventKind::MessageScanned, "who was away reads of it");
    let read = events[0].message.as_ref().unwrap();
    assert_eq!(read.message.attachments[0].state, AttachmentState::Clean);
    shutdown.cancel();
}

async fn a_file_that_is_infected_is_never_handed_out_and_its_bytes_are_gone(world: World) {
    let clamd = Clamd::start(world.folder.path(), Habit::Silent);
    let ward = world.ward();
    let thread = world.conversation().await;
    let file = ward.take(&world, &format!("see {}", eicar())).await;
    let message = ward.send(&world, thread.id, &file).await;
    let seen = async || (!clamd.seen().is_empty()).then_some(());
    eventually("the scanner has it", seen).await;
    ward.holds_back(&world, &file, thread.contact.number(), Rule::FileScanning).await;
    let Ward { desk, worker } = ward;
    worker.kill();
    clamd.becomes(Habit::Honest);
    world.clock.advance(SignedDuration::from_secs(60));
    let ward = Ward { worker: Worker::start(&desk), desk };

    world.becomes(&file, AttachmentState::Refused).await;

    ward.holds_back(&world, &file, thread.contact.number(), Rule::FileRefused).await;
    let gone = async || {
        matches!(world.blobs.get(&file.blob_key).await, Err(Error::NotFound(_))).then_some(())
    };
    eventually("the bytes are gone", gone).await;
    let reader = world.store.read(world.account);
    let kept = message::find(&reader, thread.id, message.seq).await.unwrap().unwrap();
    assert_eq!((kept.text.as_str(), kept.retracted), ("请看附件", false), "the message stays");
    assert_eq!(kept.attachments[0].state, AttachmentState::Refused);
}

async fn a_file_that_was_judged_before_it_is_sent_comes_as_what_it_is(world: World) {
    let _clamd = Clamd::start(world.folder.path(), Habit::Honest);
    let ward = world.ward();
    let thread = world.conversation().await.id;
    let (clean, infected) = (ward.take(&world, "hello").await, ward.take(&world, &eicar()).await);
    world.becomes(&clean, AttachmentState::Clean).await;
    world.becomes(&infected, AttachmentState::Refused).await;
    assert!(ward.desk.signed_file(&world.owner, clean.id).await.is_ok(), "the own upload");

    let sent = [
        ward.send(&world, thread, &clean).await.attachments[0].state,
        ward.send(&world, thread, &infected).await.attachments[0].state,
    ];

    assert_eq!(sent, [AttachmentState::Clean, AttachmentState::Refused]);
}

async fn while_the_scanner_is_down_files_wait_and_nothing_is_given_up(world: World) {
    let ward = world.ward();
    let thread = world.conversation().await;
    let file = ward.take(&world, "hello").await;
    ward.send(&world, thread.id, &file).await;

    for attempts in 1..=12 {
        let error = world.failed(attempts).await;
        assert!(error.contains("does not answer"), "{error}");
        world.clock.advance(SignedDuration::from_secs(60));
    }

    ward.holds_back(&world, &file, thread.contact.number(), Rule::FileScanning).await;
    assert_eq!(world.desk.list_jobs(&world.owner, JobState::Dead, None, 9).await.unwrap(), []);
    let _clamd = Clamd::start(world.folder.path(), Habit::Honest);
    let up_again = async || {
        world.clock.advance(SignedDuration::from_secs(60));
        (world.state_of(&file).await == AttachmentState::Clean).then_some(())
    };
    eventually("it is scanned after all", up_again).await;
}

async fn a_scanner_that_is_slow_or_makes_no_sense_leaves_files_where_they_are(world: World) {
    let clamd = Clamd::start(world.folder.path(), Habit::Silent);
    let scanner = Clamd::scanner(world.folder.path()).with_time_max(Duration::from_millis(50));
    let desk = world.scanned_by(scanner);
    let ward = Ward { worker: Worker::start(&desk), desk };
    let thread = world.conversation().await;
    let file = ward.take(&world, &eicar()).await;
    ward.send(&world, thread.id, &file).await;

    let slow = world.failed(1).await;
    clamd.becomes(Habit::Says(b"stream: OK\0stream: OK\0".to_vec()));
    world.clock.advance(SignedDuration::from_secs(60));
    let senseless = world.failed(2).await;

    assert!(slow.contains("nothing within"), "{slow}");
    assert!(senseless.contains("answered"), "{senseless}");
    ward.holds_back(&world, &file, thread.contact.number(), Rule::FileScanning).await;
    clamd.becomes(Habit::Honest);
    world.clock.advance(SignedDuration::from_secs(60));
    world.becomes(&file, AttachmentState::Refused).await;
}

async fn a_scan_that_takes_long_holds_up_nothing_else(world: World) {
    let clamd = Clamd::start(world.folder.path(), Habit::Silent);
    let ward = world.ward();
    let thread = world.conversation().await.id;
    let first = ward.take(&world, "one").await;
    let message = ward.send(&world, thread, &first).await;
    eventually("the scanner has one", async || (clamd.seen().len() == 1).then_some(())).await;

    ward.take(&world, "two").await;
    ward.desk.retract_message(&world.owner, thread, message.id).await.unwrap();

    eventually("the scanner has two", async || (clamd.seen().len() == 2).then_some(())).await;
    let gone = async || {
        matches!(world.blobs.get(&first.blob_key).await, Err(Error::NotFound(_))).then_some(())
    };
    eventually("other work is done", gone).await;
    in_time(ward.worker.stop()).await;
}

async fn a_worker_that_dies_while_it_scans_leaves_the_file_to_the_next(world: World) {
    let clamd = Clamd::start(world.folder.path(), Habit::Honest);
    let desk = world.scanned_by(Clamd::scanner(world.folder.path()));
    let upload = Upload { name: "a.txt".into(), bytes: "hello".into(), declared_type: None };
    let file = desk.upload_by_agent(&world.owner, upload).await.unwrap();
    let now = world.now();
    let claim = move |tx: Tx| async move {
        job::claim(&tx, Kinds::All, now, now + SignedDuration::from_secs(60), 9).await
    };
    let claimed = world.store.write(domain::Account::NOBODY, claim).await.unwrap();
    assert_eq!(claimed[0].1.kind, "scan-upload", "somebody claimed it, and died");
    let _worker = Worker::start(&desk);

    world.clock.advance(SignedDuration::from_secs(60));

    world.becomes(&file, AttachmentState::Clean).await;
    assert_eq!(clamd.seen(), [b"hello"]);
}

async fn what_waits_goes_on_waiting_when_no_scanner_is_named_any_more(world: World) {
    let desk = world.scanned_by(Clamd::scanner(world.folder.path()));
    let upload = Upload { name: "a.txt".into(), bytes: "hello".into(), declared_type: None };
    let file = desk.upload_by_agent(&world.owner, upload).await.unwrap();

    let _worker = world.work();

    let error = world.failed(1).await;
    assert!(error.contains("uploads.scanner"), "{error}");
    let answer = world.desk.signed_file(&world.owner, file.id).await;
    assert!(matches!(answer, Err(Error::Refused(Rule::FileScanning))), "{answer:?}");
}

async fn a_message_that_was_taken_back_takes_its_file_out_of_the_queue(world: World) {
    let ward = world.ward();
    let thread = world.conversation().await.id;
    let file = ward.take(&world, "hello").await;
    let message = ward.send(&world, thread, &file).await;
    world.failed(1).await;

    ward.desk.retract_message(&world.owner, thread, message.id).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(60));

    let done = async || {
        let waiting = world.desk.list_jobs(&world.owner, JobState::Waiting, None, 9).await.unwrap();
        waiting.iter().all(|job| job.kind == "discard-upload").then_some(())
    };
    eventually("the queue is empty", done).await;
    assert_eq!(world.desk.list_jobs(&world.owner, JobState::Dead, None, 9).await.unwrap(), []);
}

async fn without_a_scanner_a_file_is_clean_and_nothing_is_queued_for_it(world: World) {
    let upload = Upload { name: "a.txt".into(), bytes: eicar().into(), declared_type: None };

    let file = world.desk.upload(Owner::Visitor(vec![1; 32]), world.account, upload).await.unwrap();

    assert_eq!(file.state, AttachmentState::Clean);
    let queued = world.desk.list_jobs(&world.owner, JobState::Waiting, None, 9).await.unwrap();
    assert_eq!(queued.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["discard-upload"]);
}
