use domain::{Conversation, EventKind, Id, Sender, Status};
use jiff::SignedDuration;
use store::{Tx, conversation, event};

use crate::{Worker, World, desk_tests, eventually};

desk_tests! {
    a_snoozed_conversation_comes_back_at_its_time_and_not_before
    what_a_message_woke_before_its_time_is_left_alone
    two_processes_wake_a_conversation_once
}

impl World {
    async fn snooze(&self, id: Id<Conversation>, seconds: i64) {
        let (now, until) = (self.now(), self.now() + SignedDuration::from_secs(seconds));
        let write = self.store.write(self.account, move |tx: Tx| async move {
            let mut found = conversation::find(&tx, id).await?.expect("it exists");
            found.assign(None, now)?;
            found.snooze(Some(until), now)?;
            conversation::save(&tx, &mut found).await
        });
        write.await.unwrap();
    }

    async fn thread(&self, id: Id<Conversation>) -> Conversation {
        conversation::find(&self.store.read(self.account), id).await.unwrap().unwrap()
    }

    async fn reopenings(&self) -> Vec<Id<Conversation>> {
        let events = event::list_after(&self.store.read(self.account), 0, 1_000).await.unwrap();
        let reopened =
            events.into_iter().filter(|event| event.kind == EventKind::ConversationReopened);
        reopened.filter_map(|event| event.conversation).collect()
    }

    async fn woken(&self, id: Id<Conversation>) {
        let open = async || (self.thread(id).await.status == Status::Open).then_some(());
        eventually("it wakes", open).await;
    }
}

async fn a_snoozed_conversation_comes_back_at_its_time_and_not_before(world: World) {
    let (early, late) = (world.conversation().await.id, world.conversation().await.id);
    world.snooze(early, 60).await;
    world.snooze(late, 61).await;
    let _worker = world.work();

    world.clock.advance(SignedDuration::from_secs(60));
    world.woken(early).await;

    assert_eq!(world.thread(late).await.status, Status::Snoozed);
    assert_eq!(world.reopenings().await, [early]);
    assert_eq!(world.thread(early).await.snoozed_until, None);
    world.clock.advance(SignedDuration::from_secs(1));
    world.woken(late).await;
    assert_eq!(world.reopenings().await, [early, late]);
}

async fn what_a_message_woke_before_its_time_is_left_alone(world: World) {
    let (heard, marker) = (world.conversation().await, world.conversation().await.id);
    world.snooze(heard.id, 60).await;
    world.snooze(marker, 61).await;
    let (id, now) = (heard.id, world.now());
    let hear = world.store.write(world.account, move |tx: Tx| async move {
        let mut found = conversation::find(&tx, id).await?.expect("it exists");
        found.hear(true, now);
        conversation::save(&tx, &mut found).await
    });
    hear.await.unwrap();
    world.say(heard.id, Sender::contact(heard.contact), "还在吗").await;
    let _worker = world.work();

    world.clock.advance(SignedDuration::from_secs(61));
    world.woken(marker).await;

    assert_eq!(world.reopenings().await, [marker]);
    let due =
        conversation::list_due(&world.store.read(domain::Account::NOBODY), world.now(), 9).await;
    assert_eq!(due.unwrap(), [], "nothing is left to be looked at again and again");
}

async fn two_processes_wake_a_conversation_once(world: World) {
    let mut threads = Vec::new();
    for _ in 0..10 {
        let id = world.conversation().await.id;
        world.snooze(id, 10).await;
        threads.push(id);
    }
    let other = world.another_process().await;
    let _workers = [world.work(), Worker::start(&other)];

    world.clock.advance(SignedDuration::from_secs(10));
    for &id in &threads {
        world.woken(id).await;
    }

    let mut reopened = world.reopenings().await;
    reopened.sort();
    threads.sort();
    assert_eq!(reopened, threads);
}
