//! Word lists for names of groups: words that say nothing about a request, and English for the words of customers in Chinese.
//!
//! They shape names only; utterances are grouped without them, but for the numbers.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Tells whether an English word may stand in any request.
pub(super) fn is_idle_en(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| IDLE_EN.split_whitespace().collect()).contains(word)
}

/// Tells whether a Chinese word may stand in any request.
pub(super) fn is_idle_zh(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| IDLE_ZH.split_whitespace().collect()).contains(word)
}

/// Tells whether spoken numbers are made of an English word.
pub(super) fn is_number_en(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| NUMBERS_EN.split_whitespace().collect()).contains(word)
}

/// Returns the longest Chinese word that a text begins with, and what it is called in English.
pub(super) fn translated(text: &str) -> Option<(&'static str, &'static str)> {
    let words = DICTIONARY.split_whitespace().filter_map(|pair| pair.split_once('='));
    words.filter(|(zh, _)| text.starts_with(zh)).max_by_key(|(zh, _)| zh.len())
}

const IDLE_EN: &str = "\
    a about actually afternoon again all already also am an and any anything are as ask at be because been \
    being but by bye calling can can't cannot could couldn't did didn't do does doesn't doing don't else \
    evening ever everything fine for from get getting give go going gonna good got guys had happen happened has \
    have haven't having he hello help helping her here hey hi him his hope hoping how i i'd i'll i'm i've if in \
    into is isn't it it's its just kind know let like little looking make may maybe me might morning much must \
    my name need needed needs no not now of off oh ok okay on one or other our out over please possible put \
    question really right said see shall she should so some somebody someone something soon sorry still such \
    sure take tell than thank thanks that that's the their them then there there's these they thing things \
    think this those to today told too trying uh um up us use used using very wanna want wanted wanting wants \
    was way we well were what what's when where where's whether which who why will with wondering won't would \
    yeah yes yet you you're your";

const NUMBERS_EN: &str = "\
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million";

const IDLE_ZH: &str = "\
    的 了 吗 呢 吧 啊 呀 哦 嗯 么 嘛 我 我们 你 你们 您 他 她 它 咱们 自己 想 要 想要 需要 请 请问 问 问问 问一下 一下 帮 帮我 帮忙 麻烦 能 能不能 可以 可不可以 可 会 怎么 怎样 \
    怎么样 如何 怎么办 为什么 什么 哪 哪里 哪儿 哪个 那个 多少 几 是 是不是 有 没有 有没有 在 把 给 让 被 和 跟 与 或 还是 就 都 也 还 又 再 很 太 这 那 这个 这些 那些 个 一个 \
    些 上 下 里 到 去 来 说 看 看看 知道 告诉 现在 已经 应该 谢谢 你好 您好 不 没 对 从 用 得 地 着 过 啦 好 好的 喂 呗 之 而 但 但是 因为 所以 如果 一 两 次 时候 事 东西";

const DICTIONARY: &str = "\
    退款=refund 退货=return 退=return 换货=exchange 换=change 订单=order 订购=order 下单=order 订=book 取消=cancel 查询=check \
    查=check 查看=view 余额=balance 账户=account 账号=account 帐号=account 密码=password 修改=change 更改=change 更换=replace \
    忘记=forgot 重置=reset 登录=login 登陆=login 注册=register 注销=close 开户=open_account 开通=activate 激活=activate \
    物流=delivery 快递=parcel 包裹=parcel 发货=ship 配送=delivery 送货=delivery 收货=receive 地址=address 电话=phone 手机=phone \
    手机号=phone_number 号码=number 邮箱=email 发票=invoice 开具=issue 开=open 付款=payment 支付=payment 转账=transfer 充值=top_up \
    提现=withdraw 取款=withdraw 存款=deposit 利息=interest 利率=rate 收益=yield 收益率=yield 基金=fund 股票=stock 理财=wealth \
    贷款=loan 还款=repay 额度=limit 手续费=fee 费用=fee 价格=price 多少钱=price 优惠=discount 优惠券=coupon 活动=promotion 积分=points \
    会员=member 银行卡=bank_card 信用卡=credit_card 卡=card 挂失=report_lost 丢失=lost 被盗=stolen 投诉=complaint 人工=human \
    客服=agent 营业=opening 时间=time 网点=branch 附近=nearby 申请=apply 办理=apply 进度=progress 状态=status 质量=quality \
    问题=problem 坏=broken 维修=repair 保修=warranty 安装=install 使用=use 天气=weather 机票=flight 航班=flight 火车票=train_ticket \
    火车=train 车票=ticket 票=ticket 酒店=hotel 预订=book 预约=book 课程=course 上课=class 考试=exam 成绩=result 学费=tuition \
    报名=enrol 播放=play 音乐=music 歌=song 首歌=song 电影=film 电视=tv 新闻=news 短信=text_message 打电话=call 提醒=remind 闹钟=alarm \
    翻译=translate 导航=navigate 打开=open 关闭=close 删除=delete 添加=add 商品=product 尺码=size 颜色=colour 库存=stock \
    运费=shipping_fee 套餐=plan 流量=data 话费=phone_credit 宽带=broadband";
