use domain::{
    Account, Discovery, Findings, Id, Language, ReviewItem, ReviewReason, ReviewState, Trial,
    TrialDifference, TrialKind,
};
use store::{Store, Tx, discovery, review, trial};

use crate::{NOW, account, second, store_tests};

store_tests! {
    the_queue_is_listed_by_usefulness_page_by_page
    the_queue_keeps_what_is_most_useful
    what_was_taken_back_leaves_the_queue
    an_account_has_one_trial_and_its_newest_differences
    an_account_has_one_discovery_and_what_it_found
}

fn item(tx: &Tx, n: i64) -> ReviewItem {
    ReviewItem {
        id: tx.id().unwrap(),
        text_hash: n.to_be_bytes().to_vec(),
        conversation: Id::new(5),
        seq: n,
        text: format!("text {n}"),
        language: Language::Zh,
        reason: ReviewReason::Uncertain,
        predicted: "refund".into(),
        probability: 0.25,
        release: Some(Id::new(3)),
        suggested: None,
        seen: 1,
        usefulness: n % 3,
        state: ReviewState::Open,
        decided_intent: None,
        decided_by: None,
        decided_at: None,
        first_seen_at: NOW,
        last_seen_at: second(n),
    }
}

async fn queue(store: &Store, account: Id<Account>, count: i64) -> Vec<ReviewItem> {
    let write = store.write(account, move |tx: Tx| async move {
        let items: Vec<ReviewItem> = (0..count).map(|n| item(&tx, n)).collect();
        review::save_many(&tx, &items).await?;
        Ok(items)
    });
    write.await.unwrap()
}

fn open() -> review::Filter {
    review::Filter { state: ReviewState::Open, reason: None, language: None, predicted: None }
}

async fn the_queue_is_listed_by_usefulness_page_by_page(store: Store) {
    let account = account(&store).await;
    let mut expected = queue(&store, account, 7).await;
    expected.sort_by_key(|item| std::cmp::Reverse((item.usefulness, item.id)));
    let reader = store.read(account);

    let first = review::list(&reader, &open(), None, 4).await.unwrap();
    let last = first.last().unwrap();
    let place = review::Place { usefulness: last.usefulness, id: last.id };
    let second = review::list(&reader, &open(), Some(place), 4).await.unwrap();

    assert_eq!([first, second].concat(), expected);
    assert_eq!(review::count_open(&reader).await.unwrap(), 7);
    let found = review::find_by_texts(&reader, [expected[2].text_hash.clone()]).await.unwrap();
    assert_eq!(found, expected[2..3]);
    let other = review::Filter { language: Some(Language::En), ..open() };
    assert_eq!(review::list(&reader, &other, None, 4).await.unwrap(), []);
    let other = review::Filter { reason: Some(ReviewReason::Corrected), ..open() };
    assert_eq!(review::list(&reader, &other, None, 4).await.unwrap(), []);
    let same = review::Filter { predicted: Some("refund".into()), ..open() };
    assert_eq!(review::list(&reader, &same, None, 9).await.unwrap().len(), 7);
}

async fn the_queue_keeps_what_is_most_useful(store: Store) {
    let account = account(&store).await;
    let mut items = queue(&store, account, 9).await;
    for decided in &mut items[6..] {
        decided.state = ReviewState::Rejected;
    }
    let prune = store.write(account, move |tx: Tx| async move {
        review::save_many(&tx, &items).await?;
        review::prune(&tx, 4, 2).await
    });

    prune.await.unwrap();

    let reader = store.read(account);
    let left = review::list(&reader, &open(), None, 99).await.unwrap();
    assert_eq!(left.iter().map(|item| item.seq).collect::<Vec<_>>(), [5, 2, 4, 1]);
    let decided = review::Filter { state: ReviewState::Rejected, ..open() };
    let left = review::list(&reader, &decided, None, 99).await.unwrap();
    assert_eq!(left.iter().map(|item| item.seq).collect::<Vec<_>>(), [8, 7], "the newest");
}

async fn what_was_taken_back_leaves_the_queue(store: Store) {
    let account = account(&store).await;
    queue(&store, account, 3).await;

    let forget = store.write(account, |tx: Tx| async move {
        review::forget_message(&tx, Id::new(5), 1).await?;
        review::forget_message(&tx, Id::new(6), 2).await
    });
    forget.await.unwrap();

    let left = review::list(&store.read(account), &open(), None, 99).await.unwrap();
    assert_eq!(left.iter().map(|item| item.seq).collect::<Vec<_>>(), [2, 0]);
}

async fn an_account_has_one_trial_and_its_newest_differences(store: Store) {
    let account = account(&store).await;
    let begin = |release: i64| {
        store.write(account, move |tx: Tx| async move {
            let trial = Trial {
                id: tx.id()?,
                release: Id::new(release),
                kind: TrialKind::Gray,
                share: 10,
                started_by: Id::new(7),
                started_at: NOW,
                turns: 4,
                differed: 3,
                answered: 2,
                answered_handoffs: 1,
                other_handoffs: 0,
            };
            trial::save(&tx, &trial).await?;
            Ok(trial)
        })
    };
    begin(1).await.unwrap();
    let second_trial = begin(2).await.unwrap();
    let differ = store.write(account, |tx: Tx| async move {
        let difference = |n: i64| TrialDifference {
            id: tx.id().unwrap(),
            conversation: Id::new(5),
            seq: n,
            text: "退".into(),
            language: Language::Zh,
            released_intent: "refund".into(),
            released_probability: 0.5,
            tried_intent: "parcel".into(),
            tried_probability: 0.25,
            created_at: second(n),
        };
        let differences: Vec<TrialDifference> = (0..5).map(difference).collect();
        trial::add_differences(&tx, &differences, 3).await
    });
    differ.await.unwrap();

    let reader = store.read(account);
    assert_eq!(trial::find(&reader).await.unwrap(), Some(second_trial.clone()));
    let all = trial::list_all(&store.read(Account::NOBODY)).await.unwrap();
    assert_eq!(all, [(account, second_trial)]);
    let page = trial::list_differences(&reader, None, 2).await.unwrap();
    let seqs = |page: &[TrialDifference]| page.iter().map(|one| one.seq).collect::<Vec<_>>();
    assert_eq!(seqs(&page), [4, 3]);
    let after = Some((page[1].created_at, page[1].id));
    assert_eq!(seqs(&trial::list_differences(&reader, after, 2).await.unwrap()), [2]);
    let end = store.write(account, |tx: Tx| async move { trial::delete(&tx).await });
    assert!(end.await.unwrap());
    assert_eq!(trial::find(&store.read(account)).await.unwrap(), None);
    assert_eq!(trial::list_differences(&store.read(account), None, 9).await.unwrap(), []);
}

async fn an_account_has_one_discovery_and_what_it_found(store: Store) {
    let (ours, theirs) = (account(&store).await, account(&store).await);
    let save = |discovery: &Discovery| {
        let discovery = discovery.clone();
        store.write(ours, move |tx: Tx| async move { discovery::save(&tx, &discovery).await })
    };
    let first = Discovery::begin(Id::new(7), Some(30), Id::new(3), NOW);
    save(&first).await.unwrap();
    let mut second = Discovery::begin(Id::new(8), Some(90), Id::new(3), second(5));
    second.finish(Findings {
        days: Some(90),
        found_at: NOW,
        conversations: 12,
        without_question: 1,
        unlike_others: 2,
        is_cut: false,
        first_share: 0.5,
        first_expected: 0.25,
        intents: Vec::new(),
    });

    save(&second).await.unwrap();

    assert_eq!(discovery::find(&store.read(ours)).await.unwrap(), Some(second));
    assert_eq!(discovery::find(&store.read(theirs)).await.unwrap(), None);
}
