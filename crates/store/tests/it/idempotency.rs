use domain::{Account, Claim, Error, Id, KeptAnswer, Result, Rule, Tag};
use store::{Store, Tx, idempotency, tag};

use crate::{account, second, store_tests};

store_tests! {
    a_claim_is_taken_with_the_first_write_and_only_once
    what_fails_leaves_its_claim_free
    of_many_at_once_one_is_carried_out
    an_answer_is_kept_until_it_is_too_old
    a_claim_is_its_accounts_and_its_agents
}

fn claim(account: Id<Account>, key: u8) -> Claim {
    let agent = Id::new(7);
    Claim { account, agent, key: [key; 32], request: [1; 32], created_at: second(0) }
}

async fn add(store: &Store, account: Id<Account>, name: &str) -> Result<()> {
    let name = name.to_owned();
    let add = move |tx: Tx| async move {
        let tag = Tag { id: tx.id()?, name, color: "#ffffff".into() };
        tag::save(&tx, &tag).await
    };
    store.write(account, add).await
}

async fn names(store: &Store, account: Id<Account>) -> Vec<String> {
    tag::list(&store.read(account)).await.unwrap().into_iter().map(|tag| tag.name).collect()
}

fn is_refused(result: &Result<()>) -> bool {
    matches!(result, Err(Error::Refused(Rule::AlreadyCarriedOut)))
}

async fn a_claim_is_taken_with_the_first_write_and_only_once(store: Store) {
    let account = account(&store).await;
    let claim = claim(account, 1);
    let two = async {
        add(&store, account, "a").await.unwrap();
        add(&store, account, "b").await.unwrap();
    };

    let ((), written) = idempotency::claiming(claim.clone(), two).await;
    let (again, written_again) =
        idempotency::claiming(claim.clone(), add(&store, account, "c")).await;

    assert!(written && !written_again);
    assert!(is_refused(&again), "{again:?}");
    assert_eq!(names(&store, account).await, ["a", "b"]);
    let found = idempotency::find(&store.read(account), &claim).await.unwrap().unwrap();
    assert_eq!((found.request, found.answer), (vec![1; 32], None));
    add(&store, account, "d").await.unwrap();
}

async fn what_fails_leaves_its_claim_free(store: Store) {
    let account = account(&store).await;
    let claim = claim(account, 1);
    add(&store, account, "a").await.unwrap();

    let (refused, written) = idempotency::claiming(claim.clone(), add(&store, account, "a")).await;

    assert!(matches!(refused, Err(Error::Refused(Rule::NameTaken))) && !written, "{refused:?}");
    assert_eq!(idempotency::find(&store.read(account), &claim).await.unwrap(), None);
    let (added, written) = idempotency::claiming(claim, add(&store, account, "b")).await;
    assert!(added.is_ok() && written);
}

async fn of_many_at_once_one_is_carried_out(store: Store) {
    let account = account(&store).await;
    let names_of_many: Vec<String> = (0..20).map(|i| i.to_string()).collect();

    let many = names_of_many
        .iter()
        .map(|name| idempotency::claiming(claim(account, 1), add(&store, account, name)));
    let results = futures::future::join_all(many).await;

    assert_eq!(results.iter().filter(|(result, _)| is_refused(result)).count(), 19);
    assert_eq!(names(&store, account).await.len(), 1);
}

async fn an_answer_is_kept_until_it_is_too_old(store: Store) {
    let account = account(&store).await;
    let claim = claim(account, 1);
    let answer = KeptAnswer { status: 201, body: "{\"name\": \"基金\"}".into() };
    idempotency::claiming(claim.clone(), add(&store, account, "a")).await.0.unwrap();

    let (kept, of) = (answer.clone(), claim.clone());
    let keep = move |tx: Tx| async move { idempotency::keep(&tx, &of, &kept).await };
    store.write(account, keep).await.unwrap();

    let find = async || idempotency::find(&store.read(account), &claim).await.unwrap();
    assert_eq!(find().await.unwrap().answer, Some(answer));
    assert_eq!(idempotency::prune(&store.alone(), second(-1)).await.unwrap(), 0);
    assert_eq!(idempotency::prune(&store.alone(), second(0)).await.unwrap(), 1);
    assert_eq!(find().await, None);
}

async fn a_claim_is_its_accounts_and_its_agents(store: Store) {
    let (one, other) = (account(&store).await, account(&store).await);
    let of_another_agent = Claim { agent: Id::new(8), ..claim(one, 1) };
    idempotency::claiming(claim(one, 1), add(&store, one, "a")).await.0.unwrap();

    for (account, claim) in [(one, of_another_agent), (other, claim(other, 1))] {
        assert_eq!(idempotency::find(&store.read(account), &claim).await.unwrap(), None);
        let (added, written) = idempotency::claiming(claim, add(&store, account, "b")).await;
        assert!(added.is_ok() && written, "{added:?}");
    }
    let foreign = add(&store, other, "c");
    let (_, written) = idempotency::claiming(claim(one, 2), foreign).await;
    assert!(!written, "a claim does not go into another account's transaction");
}
