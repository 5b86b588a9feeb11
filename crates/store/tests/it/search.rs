use domain::{Account, Id, Message, MessageKind, Sender};
use store::{Store, Tx, message, search};

use crate::{NOW, account, store_tests};

store_tests! {
    finds_what_contains_every_word
    operators_in_a_query_are_plain_words
    an_account_searches_its_own_messages
    a_retracted_message_is_not_found
}

async fn say(
    store: &Store,
    account: Id<Account>,
    seq: i64,
    words: &'static [&'static str],
) -> Id<Message> {
    let write = store.write(account, move |tx: Tx| async move {
        let message = Message {
            id: tx.id()?,
            conversation: Id::new(account.number() * 1_000),
            seq,
            kind: MessageKind::Text,
            sender: Sender::contact(Id::new(3)),
            text: words.concat(),
            quick_replies: vec![],
            phrase: None,
            target_seq: None,
            retracted: false,
            client_id: None,
            attachments: vec![],
            created_at: NOW,
        };
        message::insert_many(&tx, std::slice::from_ref(&message)).await?;
        let words = words.iter().map(|word| word.to_string()).collect();
        search::index(&tx, [(message.id, words)].into_iter()).await?;
        Ok(message.id)
    });
    write.await.unwrap()
}

async fn found(store: &Store, account: Id<Account>, words: &[&str]) -> Vec<Id<Message>> {
    let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
    let hits = search::find(&store.read(account), &words, None, 10).await.unwrap();
    hits.into_iter().map(|hit| hit.message).collect()
}

async fn finds_what_contains_every_word(store: Store) {
    let account = account(&store).await;
    let both = say(&store, account, 1, &["查询", "基金", "收益"]).await;
    let one = say(&store, account, 2, &["基金", "refund"]).await;

    assert_eq!(found(&store, account, &["基金"]).await, [one, both], "newest first");
    assert_eq!(found(&store, account, &["基金", "收益"]).await, [both]);
    assert_eq!(found(&store, account, &["refund"]).await, [one]);
    assert_eq!(found(&store, account, &["股票"]).await, []);
    assert_eq!(found(&store, account, &[]).await, []);
}

async fn operators_in_a_query_are_plain_words(store: Store) {
    let account = account(&store).await;
    say(&store, account, 1, &["基金"]).await;

    for word in
        ["\"", "'", "基金 OR", "*", "tokens:基金", "(", "a & b", "\\", "!", "NEAR(", "基金*"]
    {
        found(&store, account, &[word]).await;
    }
    assert_eq!(found(&store, account, &["基金*", "'"]).await.len(), 1);
}

async fn an_account_searches_its_own_messages(store: Store) {
    let ours = account(&store).await;
    let theirs = account(&store).await;
    say(&store, theirs, 1, &["基金"]).await;

    assert_eq!(found(&store, ours, &["基金"]).await, []);
    assert_eq!(found(&store, ours, &["account2"]).await, []);
}

async fn a_retracted_message_is_not_found(store: Store) {
    let account = account(&store).await;
    say(&store, account, 1, &["基金"]).await;
    let thread = Id::new(account.number() * 1_000);

    let retract = move |tx: Tx| async move { message::retract(&tx, thread, 1).await };
    store.write(account, retract).await.unwrap();

    assert_eq!(found(&store, account, &["基金"]).await, []);
}
