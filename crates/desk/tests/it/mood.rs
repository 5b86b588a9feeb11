//! How a contact feels over a conversation, and what the demo company's bot makes of it.

use std::fs;

use desk::Sent;
use domain::{Emotion, Handoff, HandoffReason, Status};

use crate::talk::{ask, enter, with_demo_bot};
use crate::{World, desk_tests};

desk_tests! {
    one_furious_message_calls_a_person
    anger_that_lasts_calls_a_person
    thanks_and_denied_anger_call_nobody
    the_mood_is_kept_and_told
    a_new_matter_begins_calm
    a_bot_learns_what_is_bad_news_in_its_business
}

/// Bad and good news in which no word says so, and what is neither.
const NEWS: [(&str, [&str; 4]); 3] = [
    ("negative", ["三天了没人理我", "又要我重新排队", "说好的没兑现", "打了五次都占线"]),
    ("positive", ["一次就办好了", "包装很用心", "正合我意", "比说好的还早到"]),
    ("neutral", ["怎么开发票", "查一下余额", "几点开门", "在哪里取"]),
];

/// Says it all to the demo company's bot; returns what came of the last.
async fn say(world: &World, turns: &[&str]) -> Sent {
    with_demo_bot(world);
    let mut guest = enter(world).await;
    let mut last = None;
    for turn in turns {
        last = Some(ask(world, &mut guest, turn).await);
    }
    last.unwrap()
}

fn handoff(sent: &Sent) -> Handoff {
    sent.conversation.handoff.clone().expect("people got it")
}

async fn one_furious_message_calls_a_person(world: World) {
    for (text, summary) in [
        ("你们这群骗子！！！还我的钱！！！", "对方情绪激动"),
        ("THIS IS A SCAM, you are liars!!!", "the contact is angry"),
    ] {
        let sent = say(&world, &[text]).await;

        assert_eq!(handoff(&sent).reason, HandoffReason::Angry, "{text}");
        assert!(handoff(&sent).summary.ends_with(summary), "{}", handoff(&sent).summary);
        let (emotion, percent) = sent.conversation.mood.shown.unwrap();
        assert!(emotion == Emotion::Anger && percent >= 80, "{percent}");
    }
}

async fn anger_that_lasts_calls_a_person(world: World) {
    for (first, second, summary) in [
        ("太慢了，我的快递到哪了", "还是没有收到！什么态度！", "对方接连几条消息都有怒气"),
        (
            "this is ridiculous, where is my parcel",
            "it is still not here! I am fed up!",
            "the contact has been angry for several messages",
        ),
    ] {
        let once = say(&world, &[first]).await;
        let calm = say(&world, &[first, "我的快递到哪了", "where is my parcel"]).await;
        let twice = say(&world, &[first, second]).await;

        assert_eq!(once.conversation.status, Status::Bot, "{first}");
        assert_eq!(calm.conversation.status, Status::Bot, "who calmed down is answered");
        assert_eq!(handoff(&twice).reason, HandoffReason::Angry, "{second}");
        assert!(handoff(&twice).summary.ends_with(summary), "{}", handoff(&twice).summary);
    }
}

async fn thanks_and_denied_anger_call_nobody(world: World) {
    for turns in [
        ["谢谢！！！", "太感谢了！！！！", "谢谢谢谢谢谢！！！"],
        ["thanks!!!", "THANK YOU SO MUCH!!!", "thank you!!!!!!"],
        ["我没有生气，我的快递到哪了", "我不是在生气！我的快递到哪了", "没生气，我的快递到哪了！"],
        [
            "i'm not angry, where is my parcel",
            "I am not at all angry! where is my parcel",
            "not really angry, where is my parcel",
        ],
    ] {
        let sent = say(&world, &turns).await;

        assert!(handoff_reason(&sent) != Some(HandoffReason::Angry), "{turns:?}");
        assert!(
            sent.conversation.mood.shown.is_none_or(|(emotion, _)| emotion != Emotion::Anger),
            "{turns:?}: {:?}",
            sent.conversation.mood
        );
    }
}

fn handoff_reason(sent: &Sent) -> Option<HandoffReason> {
    sent.conversation.handoff.as_ref().map(|handoff| handoff.reason)
}

async fn the_mood_is_kept_and_told(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    ask(&world, &mut guest, "转人工").await;

    let sent = ask(&world, &mut guest, "我很担心，钱会不会丢").await;

    assert_eq!(sent.conversation.status, Status::Open);
    let shown = sent.conversation.mood.shown;
    assert_eq!(shown, Some((Emotion::Anxiety, 60)), "the mood is followed while people have it");
    let stored = world.desk.conversation_of_guest(&guest).await.unwrap().unwrap();
    assert_eq!(stored.mood, sent.conversation.mood);
    let events = world.desk.events_after(world.account, 0, 100).await.unwrap();
    let told = serde_json::to_value(desk::wire::Event::for_agents(events.last().unwrap())).unwrap();
    let mood = &told["data"]["conversation"]["mood"];
    assert_eq!(*mood, serde_json::json!({"emotion": "anxiety", "strength": 0.6}));
    let first = serde_json::to_value(desk::wire::Event::for_agents(&events[0])).unwrap();
    assert!(first["data"]["conversation"].get("mood").is_some(), "a client always finds the key");
}

async fn a_new_matter_begins_calm(world: World) {
    with_demo_bot(&world);
    let mut guest = enter(&world).await;
    let sent = ask(&world, &mut guest, "你们这群骗子！！！还我的钱！！！").await;
    world.desk.resolve_conversation(&world.owner, sent.conversation.id).await.unwrap();

    let again = ask(&world, &mut guest, "我想查询基金的收益情况").await;

    assert_eq!(again.conversation.status, Status::Bot);
    assert!(again.conversation.mood.is_calm(), "{:?}", again.conversation.mood);
}

async fn a_bot_learns_what_is_bad_news_in_its_business(world: World) {
    world.write_bot();
    let table = NEWS.iter().flat_map(|(label, texts)| {
        let said =
            texts.iter().flat_map(|text| ["", "啊", "了", "呀", "。"].map(|end| (text, end)));
        said.map(move |(text, end)| format!("{label}\t{text}{end}\n"))
    });
    fs::write(world.bot_files().join("sentiment.tsv"), table.collect::<String>()).unwrap();
    let made = world.train().await;
    world.desk.publish_release(&world.owner, made.id).await.unwrap();
    world.desk.load_bots().await.unwrap();

    let mut guest = enter(&world).await;
    let sent = ask(&world, &mut guest, "三天了没人理我呢").await;
    let parsed = world.desk.parse_text(&world.owner, "一次就办好了吧", None).await.unwrap();

    let shown = sent.conversation.mood.shown.map(|(emotion, _)| emotion);
    assert_eq!(shown, Some(Emotion::Disappointment));
    let (sentiment, probability) = parsed.understood.sentiment.unwrap();
    assert_eq!((sentiment.name(), parsed.emotions[0].0), ("positive", Emotion::Satisfaction));
    assert!(probability > 0.5, "{probability}");
}
