use domain::{
    Activity, Attachment, AttachmentState, Conversation, Error, Id, Message, MessageKind, Note,
    Owner, Phrase, QuickReply, Rule, Sender,
};
use store::{Store, Tx, attachment, message, note};
use uuid::Uuid;

use crate::{NOW, account, second, store_tests};

store_tests! {
    a_thread_is_read_in_order_from_both_ends
    a_phrase_is_stored_once_and_read_as_text
    what_was_sent_is_recognised_by_its_client_id
    one_place_of_a_thread_holds_one_message
    a_retracted_message_says_nothing
    a_note_stands_between_messages_and_is_none
    an_attachment_is_sent_once_and_by_its_owner_only
    many_messages_go_in_at_once
}

const THREAD: Id<Conversation> = Id::new(1_000);

fn new_message(tx: &Tx, seq: i64, text: &str) -> Message {
    Message {
        id: tx.id().unwrap(),
        conversation: THREAD,
        seq,
        kind: MessageKind::Text,
        sender: Sender::contact(Id::new(3)),
        text: text.into(),
        quick_replies: vec![],
        phrase: None,
        target_seq: None,
        retracted: false,
        client_id: None,
        attachments: vec![],
        created_at: second(seq),
    }
}

async fn thread(store: &Store, account: Id<domain::Account>, length: i64) -> Vec<Message> {
    let write = store.write(account, move |tx: Tx| async move {
        let messages: Vec<Message> =
            (1..=length).map(|seq| new_message(&tx, seq, &format!("第 {seq} 句"))).collect();
        message::insert_many(&tx, &messages).await?;
        Ok(messages)
    });
    write.await.unwrap()
}

async fn a_thread_is_read_in_order_from_both_ends(store: Store) {
    let account = account(&store).await;
    let messages = thread(&store, account, 5).await;
    let reader = store.read(account);

    assert_eq!(message::list_after(&reader, THREAD, 0, 10).await.unwrap(), messages);
    assert_eq!(message::list_after(&reader, THREAD, 2, 2).await.unwrap(), messages[2..4]);
    assert_eq!(message::list_before(&reader, THREAD, 5, 2).await.unwrap(), messages[2..4]);
    assert_eq!(message::find(&reader, THREAD, 3).await.unwrap().as_ref(), Some(&messages[2]));
    assert_eq!(message::find(&reader, THREAD, 6).await.unwrap(), None);
    let mut found =
        message::find_many(&reader, [(THREAD, 2), (THREAD, 4), (THREAD, 9)].into_iter())
            .await
            .unwrap();
    found.sort_by_key(|message| message.seq);
    assert_eq!(found, [messages[1].clone(), messages[3].clone()]);
}

async fn a_phrase_is_stored_once_and_read_as_text(store: Store) {
    let account = account(&store).await;
    let quick_replies =
        vec![QuickReply { title: "查询收益".into(), value: "query_yield".into() }];
    let phrase = Phrase { id: 77, text: "您好".into(), quick_replies: quick_replies.clone() };

    for seq in [1, 2] {
        let phrase = phrase.clone();
        let write = store.write(account, move |tx: Tx| async move {
            message::keep_phrases(&tx, [&phrase].into_iter()).await?;
            let message = Message {
                sender: Sender::BOT,
                phrase: Some(phrase.id),
                quick_replies: phrase.quick_replies.clone(),
                ..new_message(&tx, seq, &phrase.text)
            };
            message::insert_many(&tx, &[message]).await
        });
        write.await.unwrap();
    }

    let said = message::list_after(&store.read(account), THREAD, 0, 10).await.unwrap();
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|message| message.text == "您好"));
    assert!(said.iter().all(|message| message.quick_replies == quick_replies));
}

async fn what_was_sent_is_recognised_by_its_client_id(store: Store) {
    let account = account(&store).await;
    let name = Uuid::from_u128(5);
    let write = store.write(account, move |tx: Tx| async move {
        let message = Message { client_id: Some(name), ..new_message(&tx, 1, "hi") };
        message::insert_many(&tx, std::slice::from_ref(&message)).await?;
        Ok(message)
    });
    let sent = write.await.unwrap();

    let names = [(THREAD, Uuid::from_u128(4)), (THREAD, name), (Id::new(2), name)];
    let found = message::find_sent(&store.read(account), names.into_iter()).await.unwrap();

    let expected = message::Sent { conversation: THREAD, client_id: name, id: sent.id, seq: 1 };
    assert_eq!(found, [expected]);
}

async fn one_place_of_a_thread_holds_one_message(store: Store) {
    let account = account(&store).await;
    thread(&store, account, 1).await;

    let write = store.write(account, |tx: Tx| async move {
        let message = new_message(&tx, 1, "again");
        message::insert_many(&tx, &[message]).await
    });

    assert!(matches!(write.await, Err(Error::Refused(Rule::NameTaken))));
    assert_eq!(message::list_after(&store.read(account), THREAD, 0, 9).await.unwrap().len(), 1);
}

async fn a_retracted_message_says_nothing(store: Store) {
    let account = account(&store).await;
    thread(&store, account, 1).await;

    let write = store.write(account, |tx: Tx| async move {
        message::retract(&tx, THREAD, 1).await?;
        let kind = MessageKind::Activity(Activity::Retracted);
        let retraction = Message { kind, target_seq: Some(1), ..new_message(&tx, 2, "") };
        message::insert_many(&tx, &[retraction]).await
    });
    write.await.unwrap();

    let said = message::list_after(&store.read(account), THREAD, 0, 9).await.unwrap();
    assert!(said[0].retracted && said[0].text.is_empty());
    assert_eq!(said[1].target_seq, Some(1));
}

async fn a_note_stands_between_messages_and_is_none(store: Store) {
    let account = account(&store).await;
    thread(&store, account, 2).await;
    let name = Uuid::from_u128(8);
    let write = store.write(account, move |tx: Tx| async move {
        let note = Note {
            id: tx.id()?,
            conversation: THREAD,
            after_seq: 1,
            agent: Id::new(9),
            text: "是老客户".into(),
            created_at: NOW,
        };
        note::insert(&tx, &note, name).await?;
        Ok(note)
    });
    let note = write.await.unwrap();
    let reader = store.read(account);

    assert_eq!(
        note::list_between(&reader, THREAD, 1, 2, 9).await.unwrap(),
        std::slice::from_ref(&note)
    );
    assert_eq!(note::list_between(&reader, THREAD, 2, 9, 9).await.unwrap(), []);
    assert_eq!(note::find_sent(&reader, THREAD, name).await.unwrap(), Some(note.clone()));
    assert_eq!(note::find(&reader, THREAD, note.id).await.unwrap(), Some(note));
    assert_eq!(message::list_after(&reader, THREAD, 0, 9).await.unwrap().len(), 2);
}

async fn an_attachment_is_sent_once_and_by_its_owner_only(store: Store) {
    let account = account(&store).await;
    let owner = Owner::Visitor(vec![1; 32]);
    let theirs = owner.clone();
    let write = store.write(account, move |tx: Tx| async move {
        let attachment = Attachment {
            id: tx.id()?,
            conversation: None,
            name: "图.png".into(),
            content_type: "image/png".into(),
            size: 12,
            width: Some(3),
            height: Some(4),
            blob_key: "1/ab".into(),
            state: AttachmentState::Clean,
            created_at: NOW,
        };
        attachment::insert(&tx, &attachment, &theirs).await?;
        Ok(attachment.id)
    });
    let id = write.await.unwrap();
    let attach = |owner: Owner, seq: i64| {
        store.write(account, move |tx: Tx| async move {
            attachment::attach(&tx, &[id], &owner, THREAD, seq).await
        })
    };

    assert_eq!(attach(Owner::Visitor(vec![2; 32]), 1).await.unwrap(), []);
    assert_eq!(attach(Owner::Agent(Id::new(1)), 1).await.unwrap(), []);
    assert_eq!(attach(owner.clone(), 1).await.unwrap().len(), 1);
    assert_eq!(attach(owner, 2).await.unwrap(), []);
}

async fn many_messages_go_in_at_once(store: Store) {
    let account = account(&store).await;

    let messages = thread(&store, account, 300).await;

    assert_eq!(message::list_after(&store.read(account), THREAD, 0, 999).await.unwrap(), messages);
}
