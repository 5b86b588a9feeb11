//! What messages name, as agents and trainers are told.

use std::fs;

use domain::HandoffReason;

use crate::talk::{ask, enter, with_demo_bot};
use crate::{World, desk_tests};

desk_tests! {
    whoever_takes_over_reads_what_was_named
    a_card_is_told_by_its_last_digits
    a_trainer_sees_what_a_text_names
    a_mistake_in_the_file_keeps_the_bot_from_work
}

async fn whoever_takes_over_reads_what_was_named(world: World) {
    for (turns, line) in [
        (
            ["我买的金条还没到，订单号 zm20261122001", "转人工，我付了 368 元"],
            "提到：投资金条 10 克、订单号 ZM20261122001、金额 368 元",
        ),
        (
            ["my kettle has not come, order ZM20261122001", "give me a human, it cost 299 CNY"],
            "Mentioned: 细口电水壶, order ZM20261122001, amount 299 CNY",
        ),
    ] {
        with_demo_bot(&world);
        let mut guest = enter(&world).await;

        ask(&world, &mut guest, turns[0]).await;
        let sent = ask(&world, &mut guest, turns[1]).await;

        let handoff = sent.conversation.handoff.clone().unwrap();
        assert_eq!(handoff.reason, HandoffReason::Asked);
        assert!(handoff.summary.lines().any(|one| one == line), "{}", handoff.summary);
    }
}

async fn a_card_is_told_by_its_last_digits(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    ask(&world, &mut guest, "我的身份证号是 11010519491231002X").await;

    let sent = ask(&world, &mut guest, "转人工，退到卡 4111 1111 1111 1111").await;

    let summary = &sent.conversation.handoff.as_ref().unwrap().summary;
    for told in ["身份证 ••••002X、银行卡 ••••1111", "最后说：“转人工，退到卡 ••••1111”"]
    {
        assert!(summary.contains(told), "{summary}");
    }
    for secret in ["11010519491231002X", "4111 1111"] {
        assert!(!summary.contains(secret), "{summary}");
        assert!(!sent.conversation.bot_state.contains(secret), "the bot keeps no secret either");
    }
    assert!(sent.added[0].text.contains("4111 1111"), "the thread is as it was written");
}

async fn a_trainer_sees_what_a_text_names(world: World) {
    world.write_bot();
    let file =
        "gazetteers: [{ name: product, entries: [{ value: 日日盈, synonyms: [money fund] }] }]";
    fs::write(world.bot_files().join("entities.yml"), file).unwrap();
    world.desk.load_bots().await.unwrap();

    let parsed = world
        .desk
        .parse_text(&world.owner, "😭明天下午三点退 Money Fund 五百块", None)
        .await
        .unwrap();

    let found: Vec<(&str, &str, usize)> = parsed
        .entities
        .iter()
        .map(|entity| (entity.kind.as_str(), entity.text.as_str(), entity.start))
        .collect();
    let expected =
        [("date_time", "明天下午三点", 1), ("product", "Money Fund", 9), ("money", "五百块", 20)];
    assert_eq!(found, expected);
    let tomorrow = world.now() + jiff::SignedDuration::from_hours(24);
    let zone = world.desk.get_account(&world.owner).await.unwrap().time_zone;
    let day = tomorrow.in_tz(&zone).unwrap().strftime("%Y-%m-%dT15:00").to_string();
    let at = parsed.entities[0].value["at"].as_str().unwrap();
    assert!(at.starts_with(&day), "{at} in {zone}");
    assert_eq!(parsed.entities[2].value["amount"], "500");
}

async fn a_mistake_in_the_file_keeps_the_bot_from_work(world: World) {
    world.write_bot();
    fs::write(world.bot_files().join("entities.yml"), "patterns: [{ name: lot, pattern: '(' }]")
        .unwrap();

    world.desk.load_bots().await.unwrap();

    assert!(world.desk.bots().get(world.account).is_none());
}
