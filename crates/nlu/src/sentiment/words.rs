//! The words of the lexicon, chosen and written by us: what is good, what is bad, and which emotion a phrase shows.
//!
//! Words that are good or bad only in some trades are left to trained models. Phrases are divided by `|`.

pub(super) const GOOD: &str = "好|不错|很棒|棒|满意|喜欢|好用|好吃|美味|香|新鲜|方便|快捷|贴心|耐心|热情|专业|靠谱|给力|完美|优秀|赞|点赞|\
    惊喜|超值|划算|实惠|值得|推荐|开心|高兴|愉快|舒服|漂亮|好看|周到|细心|负责|准时|及时|顺利|感谢|谢谢|厉害|舒适|良心|放心|解决了|\
    good|great|nice|excellent|amazing|awesome|wonderful|perfect|fantastic|love|loved|lovely|like it|happy|pleased|satisfied|\
    helpful|friendly|polite|quick|fast|easy|smooth|brilliant|superb|best|recommend|impressed|delighted|thank|thanks|glad|\
    works well|well done|resolved|solved|😀|😃|😄|😁|😊|🙂|😍|🥰|😘|👍|👏|❤|💕|🎉|🌹|💯|😋|🤩|🙏";

pub(super) const BAD: &str = "差|糟糕|糟|烂|难吃|难用|难喝|垃圾|坑|坑人|骗|骗子|欺骗|失望|后悔|生气|气死|愤怒|恶心|讨厌|烦|烦死|无语|恶劣|冷漠|\
    敷衍|推卸|慢|太慢|拖延|迟到|坏了|坏的|破损|漏|少了|缺|错|错误|假货|假的|投诉|举报|差评|退货|不行|不值|没用|没人理|不理人|麻烦死|浪费|\
    过分|离谱|可恶|可怕|担心|着急|难受|痛苦|异味|臭|脏|凉了|冷了|不新鲜|不满|不爽|不好|bad|terrible|awful|horrible|poor|worst|worse|\
    hate|hated|angry|annoyed|annoying|frustrated|frustrating|disappointed|disappointing|disgusting|useless|broken|damaged|\
    faulty|defective|wrong|slow|late|rude|unhelpful|ridiculous|unacceptable|scam|fraud|cheat|cheated|rip off|ripped off|\
    waste|never again|regret|upset|worried|fail|failed|fails|crash|crashes|bug|dirty|cold food|missing|lost|ignored|\
    complaint|complain|sick of|fed up|unhappy|dissatisfied|poorly|overpriced|nightmare|joke of|😡|🤬|😠|😤|👎|😞|😢|😭|😒|🙄|💩|😖|😩";

/// What strengthens the word after it.
pub(super) const STRONGER: &[&str] = &[
    "很",
    "非常",
    "太",
    "特别",
    "超",
    "超级",
    "极其",
    "十分",
    "相当",
    "真",
    "真是",
    "真的",
    "最",
    "好",
    "巨",
    "really",
    "very",
    "so",
    "too",
    "extremely",
    "absolutely",
    "totally",
    "super",
    "incredibly",
    "completely",
    "the most",
    "quite",
];
/// What weakens the word after it.
pub(super) const WEAKER: &[&str] = &[
    "有点",
    "有点儿",
    "有些",
    "稍微",
    "略",
    "还算",
    "还",
    "a bit",
    "a little",
    "slightly",
    "somewhat",
    "kind of",
    "fairly",
];
/// After these the speaker says what counts.
pub(super) const CONTRAST: &[&str] = &[
    "但是", "但", "不过", "可是", "然而", "只是", "就是", " but ", " however", " yet ", " though ",
];

/// The words of each emotion, in the order of [`Emotion::ALL`](super::Emotion::ALL).
pub(super) const EMOTIONS: [&str; 6] =
    [ANGER, ANXIETY, DISAPPOINTMENT, SATISFACTION, GRATITUDE, URGENCY];

const ANGER: &str = "气死|生气|愤怒|火大|受够了|骗子|垃圾|混蛋|无耻|不要脸|什么态度|太过分|投诉你们|举报|曝光|消协|忍无可忍|滚|王八蛋|坑人|\
    恶心|岂有此理|没完没了|耍我|玩我|furious|angry|outraged|scam|scammers|liars|idiots|idiot|ridiculous|unacceptable|disgusting|fed up|\
    sick of|pissed|wtf|damn|bullshit|how dare|rip off|ripped off|worst company|sue you|report you|😡|🤬|😠|😤";
const ANXIETY: &str = "担心|着急|焦虑|害怕|怕|慌|不安|怎么办|会不会有问题|急死|心急|紧张|不放心|被盗|丢了怎么|出事|worried|worry|anxious|\
    nervous|afraid|scared|concerned|panic|panicking|stressed|what if|what should i do|is it safe|😰|😨|😱|😟";
const DISAPPOINTMENT: &str = "失望|后悔|白等|白买|白花|不如以前|不如预期|没想到会|算了|寒心|心凉|可惜|遗憾|不会再来|再也不|亏了|\
    disappointed|disappointing|let down|regret|expected better|expected more|never again|waste of|such a shame|give up|😞|😔|😢|💔|😒";
const SATISFACTION: &str = "满意|很棒|不错|喜欢|完美|好用|太好了|给力|点赞|开心|高兴|值得|惊喜|解决了|satisfied|happy|love it|perfect|great|\
    excellent|awesome|wonderful|fantastic|delighted|pleased|works now|well done|😀|😃|😄|😁|😊|😍|🥰|👍|👏|🎉|💯";
const GRATITUDE: &str = "谢谢|感谢|多谢|谢了|辛苦了|辛苦你|感激|太感谢|帮大忙|thank you|thanks|thank|thx|appreciate|grateful|much obliged|cheers|🙏|🌹";
const URGENCY: &str = "急|紧急|加急|马上|立刻|立即|赶紧|赶快|尽快|快点|速度|等不及|来不及|今天必须|现在就要|urgent|urgently|asap|immediately|\
    right now|right away|as soon as possible|hurry|emergency|at once|quickly please|can't wait any|deadline";
/// What contains a word of an emotion and shows none.
pub(super) const NOTHING: &str = "滚动|滚筒|滚轮|滚珠|滚滚|垃圾桶|垃圾袋|垃圾箱|垃圾分类|垃圾邮件|垃圾短信|曝光度|曝光率|曝光量|打算了|计算了|结算了|核算了|\
    恐怕|哪怕|慌忙|急救|急诊|急冻|急停|应急|紧急联系|加急费|立即购买|立即申请|立即开通|立即提现|立刻到账";
