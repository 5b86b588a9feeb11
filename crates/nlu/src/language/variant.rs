//! Simplified or traditional: by characters that only one of the two has.

use super::Variant;

/// Frequent characters that simplification changed, each followed by its traditional form.
const PAIRS: &str = "\
    们們 这這 个個 来來 时時 说說 对對 会會 过過 还還 没沒 为為 国國 学學 开開 关關 问問 间間 样樣 点點 现現 头頭 动動 种種 \
    电電 话話 见見 发發 长長 门門 车車 马馬 钱錢 买買 卖賣 订訂 单單 货貨 询詢 请請 谢謝 让讓 给給 经經 线線 网網 络絡 银銀 账賬 户戶 \
    密密 码碼 换換 费費 额額 款款 处處 办辦 务務 员員 复復 应應 么麼 东東 写寫 书書 听聽 觉覺 认認 识識 记記 许許 设設 试試 该該 \
    误誤 调調 论論 证證 评評 议議 语語 读讀 课課 谁誰 难難 题題 颜顏 类類 飞飛 饭飯 馆館 鸡雞 龙龍 齐齊 龄齡 宝寶 实實 视視 亲親 \
    边邊 达達 运運 远遠 进進 连連 选選 递遞 邮郵 医醫 针針 铁鐵 错錯 锁鎖 镜鏡 阳陽 险險 随隨 双雙 号號 质質 贷貸 贵貴 资資 赔賠 \
    购購 赠贈 轮輪 转轉 轻輕 载載 输輸 较較 热熱 爱愛 烦煩 烧燒 无無 气氣 汉漢 汤湯 沟溝 济濟 测測 满滿 灵靈 独獨 环環 画畫 产產 \
    监監 盘盤 礼禮 离離 积積 称稱 稳穩 穷窮 竞競 笔筆 节節 简簡 签簽 级級 纪紀 约約 纸紙 练練 组組 细細 终終 绍紹 结結 绝絕 统統 \
    继繼 续續 绿綠 编編 缩縮 罗羅 职職 联聯 脑腦 脸臉 药藥 虑慮 虽雖 补補 装裝 触觸 计計 讨討 训訓 讯訊 讲講 访訪 诉訴 词詞 \
    详詳 谈談 据據 扫掃 护護 报報 担擔 择擇 拥擁 挂掛 损損 断斷 旧舊 显顯 术術 机機 权權 条條 极極 标標 树樹 桥橋 检檢 楼樓 欢歡 残殘 \
    岁歲 帐帳 帮幫 庄莊 库庫 广廣 张張 强強 归歸 当當 录錄 总總 恶惡 惊驚 惯慣 愿願 戏戲 战戰 园園 围圍 图圖 团團 坏壞 块塊 声聲 壳殼 \
    备備 够夠 奖獎 妈媽 孙孫 宽寬 宾賓 导導 将將 尔爾 尽盡 层層 属屬 历歷 压壓 厅廳 县縣 参參 变變 叶葉 吗嗎 启啟 响響 哑啞 \
    两兩 严嚴 丰豐 临臨 举舉 义義 乐樂 习習 乡鄉 亏虧 亿億 仅僅 从從 仓倉 价價 众眾 优優 伤傷 传傳 体體 余餘 侧側 债債 值值 \
    儿兒 兑兌 党黨 兰蘭 兴興 养養 内內 册冊 军軍 农農 决決 况況 冻凍 减減 击擊 则則 刚剛 创創 删刪 别別 剧劇 劳勞 势勢 勋勳 区區";

/// Finds how the Chinese of a text is written; `None` if no character tells, or as many tell the one as the other.
pub(super) fn of(text: &str) -> Option<Variant> {
    let (mut simplified, mut traditional) = (0usize, 0usize);
    for pair in PAIRS.split_whitespace() {
        let mut forms = pair.chars();
        let (Some(new), Some(old)) = (forms.next(), forms.next()) else { continue };
        if new != old {
            simplified += usize::from(text.contains(new));
            traditional += usize::from(text.contains(old));
        }
    }
    match simplified.cmp(&traditional) {
        std::cmp::Ordering::Greater => Some(Variant::Simplified),
        std::cmp::Ordering::Less => Some(Variant::Traditional),
        std::cmp::Ordering::Equal => None,
    }
}
