use domain::{Error, Id, Message, Role, Sender};

use crate::{Worker, World, desk_tests, eventually};

desk_tests! {
    what_people_said_is_found_in_both_languages_newest_first
    the_bot_and_other_accounts_are_not_found
    what_was_taken_back_is_not_found
    pages_follow_each_other
    two_processes_index_a_message_once_and_a_dead_one_loses_nothing
    a_query_has_bounds_and_needs_the_right_to_read
}

impl World {
    async fn found(&self, query: &str) -> Vec<Id<Message>> {
        let found = self.desk.search_messages(&self.owner, query, None, 100).await.unwrap();
        found.into_iter().map(|found| found.message.message.id).collect()
    }

    /// Waits until a message can be found, and with it all that came before.
    async fn indexed(&self, query: &str, id: Id<Message>) {
        let look = async || self.found(query).await.contains(&id).then_some(());
        eventually("the index is filled", look).await;
    }
}

async fn what_people_said_is_found_in_both_languages_newest_first(world: World) {
    let thread = world.conversation().await;
    let contact = Sender::contact(thread.contact);
    let _worker = world.work();
    let asked = world.say(thread.id, contact, "我想查询基金的收益情况").await;
    let answered =
        world.say(thread.id, Sender::agent(world.owner.agent), "您的基金收益是 3.5%").await;
    let english = world.say(thread.id, contact, "Where is my refund for order ZM-2024?").await;

    world.indexed("refund", english.id).await;

    assert_eq!(world.found("基金 收益").await, [answered.id, asked.id]);
    assert_eq!(world.found("查询").await, [asked.id]);
    assert_eq!(world.found("REFUND zm-2024").await, [english.id]);
    assert_eq!(world.found("股票").await, []);
    assert_eq!(world.found("  ").await, []);
    let found = world.desk.search_messages(&world.owner, "3.5", None, 9).await.unwrap();
    assert_eq!(found[0].message.sender_name.as_deref(), Some("Ada"));
    assert_eq!(found[0].conversation.conversation.id, thread.id);
    assert_eq!(found[0].conversation.inbox_name, "Web");
}

async fn the_bot_and_other_accounts_are_not_found(world: World) {
    let thread = world.conversation().await;
    let _worker = world.work();
    world.say(thread.id, Sender::BOT, "基金 from the bot").await;
    world.say(thread.id, Sender::SYSTEM, "基金 from the system").await;
    let said = world.say(thread.id, Sender::contact(thread.contact), "基金").await;

    world.indexed("基金", said.id).await;

    assert_eq!(world.found("基金").await, [said.id]);
    let stranger = world.another_account().await;
    assert_eq!(world.desk.search_messages(&stranger, "基金", None, 9).await.unwrap(), []);
}

async fn what_was_taken_back_is_not_found(world: World) {
    let thread = world.conversation().await;
    let agent = Sender::agent(world.owner.agent);
    let before = world.say(thread.id, agent, "secret before").await;
    world.desk.retract_message(&world.owner, thread.id, before.id).await.unwrap();
    let after = world.say(thread.id, agent, "secret after").await;
    let stays = world.say(thread.id, agent, "secret stays").await;
    let _worker = world.work();
    world.indexed("stays", stays.id).await;

    world.desk.retract_message(&world.owner, thread.id, after.id).await.unwrap();

    assert_eq!(world.found("secret").await, [stays.id]);
}

async fn pages_follow_each_other(world: World) {
    let thread = world.conversation().await;
    let mut said = Vec::new();
    for n in 0..5 {
        said.push(
            world.say(thread.id, Sender::contact(thread.contact), &format!("invoice {n}")).await.id,
        );
    }
    said.reverse();
    let _worker = world.work();
    world.indexed("invoice", said[0]).await;

    let page = async |before| {
        let found = world.desk.search_messages(&world.owner, "invoice", before, 2).await.unwrap();
        found.into_iter().map(|found| found.message.message.id).collect::<Vec<_>>()
    };

    assert_eq!(page(None).await, said[..2]);
    assert_eq!(page(Some(said[1])).await, said[2..4]);
    assert_eq!(page(Some(said[3])).await, said[4..]);
    assert_eq!(page(Some(said[4])).await, []);
}

async fn two_processes_index_a_message_once_and_a_dead_one_loses_nothing(world: World) {
    let thread = world.conversation().await;
    let contact = Sender::contact(thread.contact);
    let other = world.another_process().await;
    let workers = [world.work(), Worker::start(&other)];
    for n in 0..30 {
        world.say(thread.id, contact, &format!("parcel {n}")).await;
    }
    for worker in workers {
        worker.kill();
    }
    let last = world.say(thread.id, contact, "parcel last").await;

    let _workers = [world.work(), Worker::start(&other)];
    world.indexed("last", last.id).await;

    let found = world.found("parcel").await;
    assert_eq!(found.len(), 31);
    assert!(found.is_sorted_by(|newer, older| newer > older), "each once");
}

async fn a_query_has_bounds_and_needs_the_right_to_read(world: World) {
    let long = "长".repeat(201);
    let trainer = world.agent(Role::Trainer, "Tao").await;

    let error = world.desk.search_messages(&world.owner, &long, None, 9).await.unwrap_err();

    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    assert!(world.desk.search_messages(&trainer, "基金", None, 9).await.is_ok());
    for query in ["\"", "'; DROP TABLE message", "a OR b", "*", "基金*", "NEAR(a b)", "\u{0}"] {
        assert_eq!(world.found(query).await, [], "{query}");
    }
}
