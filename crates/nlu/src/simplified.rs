//! Traditional Chinese characters in their simplified form, each for itself.
//!
//! What is compared is compared in one form, so that a bot taught in one reads the other. A text is not translated: words
//! that differ from region to region stay as they are. The table is that of Open Chinese Convert.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// The characters that are looked at: the Chinese ones of the basic plane.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9fff}';

/// For each of these characters its form.
static FORMS: LazyLock<Vec<char>> = LazyLock::new(|| {
    let Ok(table) = OpenCC::from_config(BuiltinConfig::T2s) else {
        unreachable!("the table is part of the program");
    };
    let once = |c: char| {
        let mut forms = table.convert(c.encode_utf8(&mut [0; 4])).chars().collect::<Vec<char>>();
        if forms.len() == 1 { forms.remove(0) } else { c }
    };
    // Twice, for the few whose form has a simpler one itself.
    (FIRST..=LAST).map(|c| once(once(c))).collect()
});

/// Returns the simplified form of a traditional character, and every other as it is.
pub(crate) fn simplified(c: char) -> char {
    match c {
        FIRST..=LAST => FORMS[(c as u32 - FIRST as u32) as usize],
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_characters_become_simplified_and_others_stay() {
        let all = |text: &str| text.chars().map(simplified).collect::<String>();

        assert_eq!(all("謝謝你，餘額怎麼查"), "谢谢你，余额怎么查");
        assert_eq!(all("谢谢你，余额 ok? ありがとう 😀"), "谢谢你，余额 ok? ありがとう 😀");
    }

    #[test]
    fn what_is_simplified_is_simplified_for_good() {
        for c in FIRST..=LAST {
            assert_eq!(simplified(simplified(c)), simplified(c), "{c}");
        }
    }
}
