use domain::{
    Account, Agent, AgentStatus, ApiToken, Availability, Contact, Error, Id, Identity, Language,
    Role, Rule, Session, Visitor,
};
use store::{Store, Tx, agent, contact, inbox, session, visitor};

use crate::{NOW, account, new_inbox, second, store_tests};

store_tests! {
    an_agent_is_found_by_email_in_any_account
    an_email_is_used_once
    a_session_is_found_by_its_secret_and_ends
    a_link_signs_in_once_and_in_time
    a_deactivated_agent_holds_nothing
    a_visitor_is_found_until_the_token_ends
    a_contact_is_found_by_identity_and_by_search
    an_inbox_is_found_by_its_key
}

async fn new_agent(
    store: &Store,
    account: Id<Account>,
    email: &'static str,
) -> Result<Agent, Error> {
    let write = store.write(account, move |tx: Tx| async move {
        let agent = Agent {
            id: tx.id()?,
            account,
            email: email.into(),
            name: "Ada".into(),
            role: Role::Agent,
            status: AgentStatus::Active,
            availability: Availability::Offline,
            created_at: NOW,
        };
        agent::save(&tx, &agent).await?;
        agent::set_password_hash(&tx, agent.id, "hash").await?;
        Ok(agent)
    });
    write.await
}

async fn an_agent_is_found_by_email_in_any_account(store: Store) {
    let account = account(&store).await;
    let ada = new_agent(&store, account, "ada@example.com").await.unwrap();

    let found =
        agent::find_by_email(&store.read(Account::NOBODY), "ada@example.com").await.unwrap();

    assert_eq!(found, Some((ada.clone(), Some("hash".into()))));
    assert_eq!(agent::list(&store.read(account)).await.unwrap(), [ada]);
}

async fn an_email_is_used_once(store: Store) {
    let ours = account(&store).await;
    let theirs = account(&store).await;
    new_agent(&store, ours, "ada@example.com").await.unwrap();

    let again = new_agent(&store, theirs, "ada@example.com").await;

    assert!(matches!(again, Err(Error::Refused(Rule::NameTaken))));
}

async fn a_session_is_found_by_its_secret_and_ends(store: Store) {
    let account = account(&store).await;
    let ada = new_agent(&store, account, "ada@example.com").await.unwrap();
    let write = store.write(account, move |tx: Tx| async move {
        let session = Session {
            id: tx.id()?,
            agent: ada.id,
            user_agent: "Firefox".into(),
            ip: "127.0.0.1".into(),
            created_at: NOW,
            last_seen_at: NOW,
            expires_at: second(60),
        };
        session::insert(&tx, &session, b"secret").await?;
        Ok(session)
    });
    let signed_in = write.await.unwrap();
    let nobody = store.read(Account::NOBODY);

    let found = session::find_by_secret(&nobody, b"secret").await.unwrap();
    assert_eq!(found, Some((account, signed_in.clone())));
    assert_eq!(session::find_by_secret(&nobody, b"other").await.unwrap(), None);

    let (agent, id) = (signed_in.agent, signed_in.id);
    let end = move |tx: Tx| async move { session::delete(&tx, agent, id).await };
    assert!(store.write(account, end).await.unwrap());
    assert!(!store.write(account, end).await.unwrap(), "twice is harmless");
    assert_eq!(session::find_by_secret(&nobody, b"secret").await.unwrap(), None);
}

async fn a_link_signs_in_once_and_in_time(store: Store) {
    let account = account(&store).await;
    let ada = new_agent(&store, account, "ada@example.com").await.unwrap();
    let id = ada.id;
    let add = |secret: &'static [u8]| {
        store.write(account, move |tx: Tx| async move {
            session::insert_link(&tx, id, secret, second(60)).await
        })
    };
    add(b"one").await.unwrap();
    add(b"two").await.unwrap();
    let take = |secret: &'static [u8], at: i64| {
        store.write(Account::NOBODY, move |tx: Tx| async move {
            session::take_link(&tx, secret, second(at)).await
        })
    };

    assert_eq!(take(b"one", 59).await.unwrap(), Some((account, ada.id)));
    assert_eq!(take(b"one", 59).await.unwrap(), None, "used up");
    assert_eq!(take(b"two", 60).await.unwrap(), None, "too late");
}

async fn a_deactivated_agent_holds_nothing(store: Store) {
    let account = account(&store).await;
    let ada = new_agent(&store, account, "ada@example.com").await.unwrap();
    let id = ada.id;
    let write = store.write(account, move |tx: Tx| async move {
        let token = ApiToken {
            id: tx.id()?,
            agent: id,
            name: "export".into(),
            created_at: NOW,
            expires_at: None,
            last_used_at: None,
        };
        session::insert_token(&tx, &token, b"token").await?;
        Ok(token)
    });
    let token = write.await.unwrap();
    let nobody = store.read(Account::NOBODY);
    let found = session::find_token_by_secret(&nobody, b"token").await.unwrap();
    assert_eq!(found, Some((account, token.clone())));
    assert_eq!(session::list_tokens(&store.read(account), id).await.unwrap(), [token]);

    let end = store.write(account, move |tx: Tx| async move { session::delete_all(&tx, id).await });
    end.await.unwrap();

    assert_eq!(session::find_token_by_secret(&nobody, b"token").await.unwrap(), None);
}

async fn a_visitor_is_found_until_the_token_ends(store: Store) {
    let account = account(&store).await;
    let held = Visitor {
        token_hash: vec![7; 32],
        inbox: Id::new(1),
        contact: Id::new(2),
        expires_at: second(60),
    };
    let (added, hash) = (held.clone(), held.token_hash.clone());
    let write = store.write(account, move |tx: Tx| async move {
        visitor::insert_many(&tx, std::slice::from_ref(&added)).await?;
        visitor::extend(&tx, &added.token_hash, second(90)).await
    });
    write.await.unwrap();
    let reader = store.read(account);

    let extended = Visitor { expires_at: second(90), ..held };
    assert_eq!(visitor::find(&reader, &hash, second(89)).await.unwrap(), Some(extended));
    assert_eq!(visitor::find(&reader, &hash, second(90)).await.unwrap(), None);

    let gone = hash.clone();
    store.write(account, |tx: Tx| async move { visitor::delete(&tx, &gone).await }).await.unwrap();
    assert_eq!(visitor::find(&reader, &hash, NOW).await.unwrap(), None);
}

async fn a_contact_is_found_by_identity_and_by_search(store: Store) {
    let account = account(&store).await;
    let write = store.write(account, |tx: Tx| async move {
        let wang = Contact {
            id: tx.id()?,
            name: Some("王小明".into()),
            email: Some("Wang_1@example.com".into()),
            phone: None,
            language: Language::Zh,
            verified: true,
            created_at: NOW,
        };
        let nobody = Contact { id: tx.id()?, name: None, email: None, ..wang.clone() };
        contact::insert_many(&tx, &[wang.clone(), nobody]).await?;
        let identity = Identity { contact: wang.id, inbox: Id::new(1), address: "u-1".into() };
        contact::insert_identity(&tx, &identity).await?;
        Ok(wang)
    });
    let wang = write.await.unwrap();
    let reader = store.read(account);

    let by_identity = contact::find_by_identity(&reader, Id::new(1), "u-1").await.unwrap();
    assert_eq!(by_identity, Some(wang.id));
    assert_eq!(contact::find_by_identity(&reader, Id::new(2), "u-1").await.unwrap(), None);
    for (search, hits) in [("小明", 1), ("WANG_", 1), ("wang%", 0), ("x_1", 0)] {
        let found = contact::list(&reader, Some(search), None, 9).await.unwrap();
        assert_eq!(found.len(), hits, "{search}");
    }
    assert_eq!(contact::list(&reader, None, None, 9).await.unwrap().len(), 2);
}

async fn an_inbox_is_found_by_its_key(store: Store) {
    let account = account(&store).await;
    let write = store.write(account, |tx: Tx| async move {
        let mut web = new_inbox(tx.id()?);
        inbox::save(&tx, &web).await?;
        web.greeting = "您好".into();
        inbox::save(&tx, &web).await?;
        Ok(web)
    });
    let web = write.await.unwrap();

    let found = inbox::find_by_key(&store.read(Account::NOBODY), &web.key).await.unwrap();

    assert_eq!(found, Some((account, web.clone())));
    assert_eq!(inbox::find(&store.read(account), web.id).await.unwrap(), Some(web));
}
