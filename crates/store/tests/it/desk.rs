use domain::{
    Agent, AgentStatus, Availability, CannedResponse, Error, Id, Language, Rating, Role, Rule, Tag,
    Team,
};
use store::{Store, Tx, agent, canned_response, conversation, rating, tag, team};
use uuid::Uuid;

use crate::{NOW, account, new_conversation, second, store_tests};

store_tests! {
    a_team_keeps_its_members
    a_deleted_tag_is_nowhere
    a_tag_name_is_used_once
    a_canned_response_is_changed_and_removed
    a_rating_counts_once
}

async fn a_team_keeps_its_members(store: Store) {
    let account = account(&store).await;
    let write = store.write(account, move |tx: Tx| async move {
        let ada = Agent {
            id: tx.id()?,
            account,
            email: "ada@example.com".into(),
            name: "Ada".into(),
            role: Role::Agent,
            status: AgentStatus::Active,
            availability: Availability::Online,
            created_at: NOW,
        };
        agent::save(&tx, &ada).await?;
        let sales =
            Team { id: tx.id()?, name: "理财".into(), agents: vec![ada.id], created_at: NOW };
        team::save(&tx, &sales).await?;
        let mut conversation = new_conversation(&tx, NOW);
        conversation.transfer(Some(sales.id), NOW)?;
        conversation::save(&tx, &mut conversation).await?;
        Ok((sales, conversation.id))
    });
    let (sales, conversation) = write.await.unwrap();
    let reader = store.read(account);
    assert_eq!(team::list(&reader).await.unwrap(), std::slice::from_ref(&sales));

    let delete = move |tx: Tx| async move { team::delete(&tx, sales.id).await };
    assert!(store.write(account, delete).await.unwrap());

    assert_eq!(team::list(&reader).await.unwrap(), []);
    assert_eq!(conversation::find(&reader, conversation).await.unwrap().unwrap().team, None);
}

async fn a_deleted_tag_is_nowhere(store: Store) {
    let account = account(&store).await;
    let write = store.write(account, |tx: Tx| async move {
        let vip = Tag { id: tx.id()?, name: "VIP".into(), color: "#ff0000".into() };
        tag::save(&tx, &vip).await?;
        tag::set(&tx, Id::new(5), &[vip.id, vip.id]).await?;
        Ok(vip)
    });
    let vip = write.await.unwrap();
    let reader = store.read(account);
    let carried = tag::list_of_conversations(&reader, [Id::new(5), Id::new(6)]).await.unwrap();
    assert_eq!(carried, [(Id::new(5), vip.clone())]);

    let delete = move |tx: Tx| async move { tag::delete(&tx, vip.id).await };
    store.write(account, delete).await.unwrap();

    assert_eq!(tag::list_of_conversations(&reader, [Id::new(5)]).await.unwrap(), []);
}

async fn a_tag_name_is_used_once(store: Store) {
    let account = account(&store).await;
    let add = || {
        store.write(account, |tx: Tx| async move {
            let vip = Tag { id: tx.id()?, name: "VIP".into(), color: "#ff0000".into() };
            tag::save(&tx, &vip).await
        })
    };
    add().await.unwrap();

    assert!(matches!(add().await, Err(Error::Refused(Rule::NameTaken))));
}

async fn a_canned_response_is_changed_and_removed(store: Store) {
    let account = account(&store).await;
    let write = store.write(account, |tx: Tx| async move {
        let mut hello = CannedResponse {
            id: tx.id()?,
            short_code: "hello".into(),
            language: Language::Zh,
            text: "您好".into(),
        };
        canned_response::save(&tx, &hello).await?;
        hello.text = "您好，{{contact.name}}".into();
        canned_response::save(&tx, &hello).await?;
        Ok(hello)
    });
    let hello = write.await.unwrap();
    let reader = store.read(account);
    assert_eq!(canned_response::find(&reader, hello.id).await.unwrap(), Some(hello.clone()));

    let delete = move |tx: Tx| async move { canned_response::delete(&tx, hello.id).await };
    assert!(store.write(account, delete).await.unwrap());

    assert_eq!(canned_response::list(&reader).await.unwrap(), []);
}

async fn a_rating_counts_once(store: Store) {
    let account = account(&store).await;
    let given = Rating::parse(Id::new(4), 5, "很好", second(1)).unwrap();
    let rate = |rating: Rating| {
        store.write(account, move |tx: Tx| async move {
            rating::insert(&tx, &rating, Uuid::from_u128(1)).await
        })
    };

    assert!(rate(given.clone()).await.unwrap());
    assert!(!rate(given.clone()).await.unwrap());

    let reader = store.read(account);
    assert_eq!(rating::list(&reader, None, 9).await.unwrap(), std::slice::from_ref(&given));
    assert_eq!(rating::find_last(&reader, Id::new(4)).await.unwrap(), Some(given));
}
