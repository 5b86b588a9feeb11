use domain::{Agent, Conversation, Emotion, HandoffReason, Id, Mood, Priority, SenderKind, Status};
use store::conversation::{self, Filter, Place};
use store::{Store, Tx};

use crate::{NOW, account, new_conversation, second, store_tests};

store_tests! {
    what_goes_in_comes_out
    a_change_is_saved
    lists_newest_first_and_by_page
    lists_by_every_filter
    a_snoozed_conversation_is_found_when_it_is_due
    counting_stops_at_the_limit
}

async fn saved(store: &Store, account: Id<domain::Account>, at: i64) -> Conversation {
    let write = store.write(account, move |tx: Tx| async move {
        let mut conversation = new_conversation(&tx, second(at));
        conversation::save(&tx, &mut conversation).await?;
        Ok(conversation)
    });
    write.await.unwrap()
}

async fn changed(
    store: &Store,
    account: Id<domain::Account>,
    mut conversation: Conversation,
    change: fn(&mut Conversation),
) -> Conversation {
    let write = store.write(account, move |tx: Tx| async move {
        change(&mut conversation);
        conversation::save(&tx, &mut conversation).await?;
        Ok(conversation)
    });
    write.await.unwrap()
}

async fn what_goes_in_comes_out(store: Store) {
    let account = account(&store).await;
    let conversation = saved(&store, account, 1).await;

    let found = conversation::find(&store.read(account), conversation.id).await.unwrap();

    assert_eq!(found, Some(conversation));
}

async fn a_change_is_saved(store: Store) {
    let account = account(&store).await;
    let conversation = saved(&store, account, 1).await;

    let conversation = changed(&store, account, conversation, |conversation| {
        conversation.hand_off(HandoffReason::Angry, "一行\n两行".into(), second(2));
        conversation.assign(Some(Id::new(9)), second(3)).unwrap();
        conversation.prioritise(Priority::Urgent);
        conversation.intent = Some("complaint".into());
        conversation.bot_state = "{}".into();
        let course = [34, 0, 0, 0, 24, 0];
        conversation.mood = Mood { shown: Some((Emotion::Anger, 84)), course };
        conversation.next_seq();
        conversation.said("你好", SenderKind::Contact, second(4));
    })
    .await;

    let found = conversation::find(&store.read(account), conversation.id).await.unwrap().unwrap();
    assert_eq!(found, conversation);
    assert_eq!(found.revision, 2);
}

async fn lists_newest_first_and_by_page(store: Store) {
    let account = account(&store).await;
    let [old, same, new] = [
        saved(&store, account, 1).await,
        saved(&store, account, 1).await,
        saved(&store, account, 2).await,
    ];
    let reader = store.read(account);

    let first = conversation::list(&reader, Filter::default(), None, 1).await.unwrap();
    assert_eq!(ids(&first), [new.id]);

    let place = Place { listed_at: first[0].listed_at, id: first[0].id };
    let rest = conversation::list(&reader, Filter::default(), Some(place), 10).await.unwrap();
    assert_eq!(ids(&rest), [same.id, old.id]);
}

async fn lists_by_every_filter(store: Store) {
    let account = account(&store).await;
    let agent: Id<Agent> = Id::new(9);
    let bot = saved(&store, account, 1).await;
    let open = saved(&store, account, 2).await;
    let open = changed(&store, account, open, |conversation| {
        conversation.assign(Some(Id::new(9)), second(3)).unwrap();
        conversation.transfer(Some(Id::new(5)), second(3)).unwrap();
    })
    .await;
    let reader = store.read(account);

    for (filter, expected) in [
        (Filter { status: Some(Status::Bot), ..Filter::default() }, bot.id),
        (Filter { status: Some(Status::Open), ..Filter::default() }, open.id),
        (Filter { assignee: Some(Some(agent)), ..Filter::default() }, open.id),
        (Filter { assignee: Some(None), ..Filter::default() }, bot.id),
        (Filter { team: Some(Id::new(5)), ..Filter::default() }, open.id),
        (Filter { contact: Some(bot.contact), ..Filter::default() }, bot.id),
    ] {
        let found = conversation::list(&reader, filter, None, 10).await.unwrap();
        assert_eq!(ids(&found), [expected], "{filter:?}");
    }
    let nothing = Filter { inbox: Some(Id::new(77)), ..Filter::default() };
    assert_eq!(conversation::list(&reader, nothing, None, 10).await.unwrap(), []);
    let of_contact =
        conversation::find_of_contacts(&reader, bot.inbox, [bot.contact]).await.unwrap();
    assert_eq!(ids(&of_contact), [bot.id]);
}

async fn a_snoozed_conversation_is_found_when_it_is_due(store: Store) {
    let account = account(&store).await;
    let conversation = saved(&store, account, 1).await;
    let conversation = changed(&store, account, conversation, |conversation| {
        conversation.snooze(Some(second(100)), NOW).unwrap();
    })
    .await;
    let reader = store.read(domain::Account::NOBODY);

    assert_eq!(conversation::list_due(&reader, second(99), 10).await.unwrap(), []);
    let due = conversation::list_due(&reader, second(100), 10).await.unwrap();

    assert_eq!(due, [(account, conversation.id)]);
}

async fn counting_stops_at_the_limit(store: Store) {
    let account = account(&store).await;
    for at in 0..3 {
        saved(&store, account, at).await;
    }
    let reader = store.read(account);

    assert_eq!(conversation::count(&reader, Filter::default(), 100).await.unwrap(), 3);
    assert_eq!(conversation::count(&reader, Filter::default(), 2).await.unwrap(), 2);
}

fn ids(conversations: &[Conversation]) -> Vec<Id<Conversation>> {
    conversations.iter().map(|conversation| conversation.id).collect()
}
