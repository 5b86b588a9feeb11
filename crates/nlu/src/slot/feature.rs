//! What the tagger sees of a sentence: hashed features of each token, of each place where a slot may end, and of each
//! span that may be a slot.
//!
//! The same templates serve words and single characters. Nothing here is learned; what was learned about words (the
//! classes) comes in with the sentence.

/// How many tokens around a token its features look at, at most.
const REACH: isize = 3;
/// How many characters of a word's beginning and end are looked at, at most.
const AFFIX_MAX: usize = 4;

/// Stands for what lies before a sentence and after it.
const BEFORE: u64 = 1;
const AFTER: u64 = 2;

/// A token as features see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Token {
    /// The normalised token.
    pub(super) text: String,
    /// Its hash.
    pub(super) word: u64,
    /// Its form: capitals, digits, marks.
    pub(super) form: u64,
    /// The word of a dictionary around it and the place in that word, for scripts without spaces.
    pub(super) around: Option<(u64, u64)>,
    /// What other sentences say of it, the finest first (see `lexicon.rs`).
    pub(super) classes: [u64; 3],
}

/// A sentence as features see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Sentence {
    pub(super) tokens: Vec<Token>,
    /// What the sentence seems to be about, and how surely.
    pub(super) intent: Option<(u64, u64)>,
}

/// Mixes a symbol into a hash.
pub(super) fn mix(hash: u64, symbol: u64) -> u64 {
    (hash.rotate_left(23) ^ symbol).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Hashes a text.
pub(super) fn hash(text: &str) -> u64 {
    text.chars().fold(0x517c_c1b7, |hash, c| mix(hash, u64::from(c)))
}

/// Tells the form of a token: runs of capitals, small letters, digits, letters without case, and the rest.
pub(super) fn form(token: &str) -> u64 {
    let (mut form, mut last) = (3, 0);
    for c in token.chars() {
        let kind = match c {
            c if c.is_uppercase() => 1,
            c if c.is_lowercase() => 2,
            c if c.is_numeric() => 3,
            c if c.is_alphabetic() => 4,
            c => 5 + u64::from(c),
        };
        if kind != last {
            form = mix(form, kind);
        }
        last = kind;
    }
    // Numbers of one, two and four digits are different things.
    if last == 3 { mix(form, token.len().min(5) as u64) } else { form }
}

/// Collects the features of one thing.
struct Collector<'a> {
    keys: &'a mut Vec<u32>,
}

impl Collector<'_> {
    fn add(&mut self, template: u64, symbols: &[u64]) {
        let hash = symbols.iter().fold(mix(0xa77, template), |hash, symbol| mix(hash, *symbol));
        self.keys.push((mix(hash, symbols.len() as u64) >> 32) as u32);
    }
}

impl Sentence {
    pub(super) fn words(&self) -> Vec<u64> {
        self.tokens.iter().map(|token| token.word).collect()
    }

    fn at(&self, place: isize) -> Option<&Token> {
        usize::try_from(place).ok().and_then(|place| self.tokens.get(place))
    }

    fn word(&self, place: isize) -> u64 {
        self.symbol(place, |token| token.word)
    }

    fn symbol(&self, place: isize, of: impl Fn(&Token) -> u64) -> u64 {
        self.at(place).map_or(if place < 0 { BEFORE } else { AFTER }, of)
    }

    /// Writes the features of a token.
    pub(super) fn token_keys(&self, place: usize, keys: &mut Vec<u32>) {
        keys.clear();
        let mut out = Collector { keys };
        let at = place as isize;
        self.own_keys(at, &mut out);
        self.neighbour_keys(at, &mut out);
        self.class_keys(at, &mut out);
    }

    fn own_keys(&self, at: isize, out: &mut Collector<'_>) {
        let w = |offset: isize| self.word(at + offset);
        out.add(1, &[w(0)]);
        out.add(2, &[w(-1), w(0)]);
        out.add(3, &[w(0), w(1)]);
        out.add(4, &[w(-1), w(0), w(1)]);
        out.add(5, &[w(-2), w(-1), w(0)]);
        out.add(6, &[w(0), w(1), w(2)]);
        if let Some((intent, _)) = self.intent {
            out.add(7, &[intent, w(0)]);
            out.add(17, &[intent, w(-1), w(0)]);
            out.add(18, &[intent, w(0), w(1)]);
        }
        if let Some(token) = self.at(at) {
            affixes(&token.text, |template, affix| out.add(template, &[affix]));
            if let Some((word, part)) = token.around {
                out.add(14, &[word]);
                out.add(15, &[word, part]);
            }
        }
    }

    fn neighbour_keys(&self, at: isize, out: &mut Collector<'_>) {
        let w = |offset: isize| self.word(at + offset);
        out.add(20, &[]);
        for offset in (-REACH..=REACH).filter(|offset| *offset != 0) {
            out.add(21, &[offset as u64, w(offset)]);
        }
        for offset in [-3, -2, 1, 2] {
            out.add(22, &[offset as u64, w(offset), w(offset + 1)]);
        }
        out.add(23, &[w(-1), w(1)]);
        out.add(24, &[w(-3), w(-2), w(-1)]);
        out.add(25, &[w(1), w(2), w(3)]);
        for offset in [-1, 0, 1] {
            let form = self.symbol(at + offset, |token| token.form);
            out.add(26, &[offset as u64, form]);
        }
        if let Some((intent, surely)) = self.intent {
            out.add(27, &[intent]);
            out.add(28, &[intent, surely]);
            out.add(29, &[intent, w(-1)]);
            out.add(30, &[intent, w(1)]);
            out.add(36, &[intent, w(-2), w(-1)]);
        }
        for offset in [-1, 0, 1] {
            if let Some((word, part)) = self.at(at + offset).and_then(|token| token.around) {
                out.add(31, &[offset as u64, part]);
                if offset != 0 {
                    out.add(32, &[offset as u64, word]);
                }
            }
        }
        for offset in [-1, 1] {
            if let Some(token) = self.at(at + offset) {
                affixes(&token.text, |template, affix| {
                    if template % 10 == 3 {
                        out.add(33, &[offset as u64, template, affix]);
                    }
                });
            }
        }
        out.add(34, &[at.min(3) as u64]);
        out.add(35, &[(self.tokens.len() as isize - at).min(3) as u64]);
    }

    fn class_keys(&self, at: isize, out: &mut Collector<'_>) {
        let class =
            |offset: isize, grain: usize| self.symbol(at + offset, |token| token.classes[grain]);
        for offset in [-2, -1, 0, 1, 2] {
            for grain in 0..3 {
                out.add(40 + grain as u64, &[offset as u64, class(offset, grain)]);
            }
        }
        out.add(43, &[class(-1, 1), class(0, 1)]);
        out.add(44, &[class(0, 1), class(1, 1)]);
        out.add(45, &[class(-1, 1), class(0, 1), class(1, 1)]);
        out.add(46, &[self.word(at - 1), class(0, 1)]);
        out.add(47, &[class(0, 1), self.word(at + 1)]);
        if let Some((intent, _)) = self.intent {
            out.add(48, &[intent, class(0, 1)]);
            out.add(49, &[intent, self.word(at - 1), class(0, 1)]);
        }
    }

    /// Writes the features of the place where a slot ends, whose last token is given.
    pub(super) fn end_keys(&self, last: usize, keys: &mut Vec<u32>) {
        keys.clear();
        let mut out = Collector { keys };
        let at = last as isize;
        let w = |offset: isize| self.word(at + offset);
        out.add(60, &[w(0)]);
        out.add(61, &[w(1)]);
        out.add(62, &[w(0), w(1)]);
        out.add(63, &[w(1), w(2)]);
        out.add(64, &[w(-1), w(0)]);
        out.add(73, &[w(1), w(2), w(3)]);
        if let Some(token) = self.at(at) {
            affixes(&token.text, |template, affix| out.add(100 + template, &[affix]));
        }
        for offset in [0, 1] {
            let class = |grain: usize| self.symbol(at + offset, |token| token.classes[grain]);
            out.add(65, &[offset as u64, class(0)]);
            out.add(66, &[offset as u64, class(1)]);
            out.add(67, &[offset as u64, self.symbol(at + offset, |token| token.form)]);
            if let Some((word, part)) = self.at(at + offset).and_then(|token| token.around) {
                out.add(68, &[offset as u64, part]);
                out.add(69, &[offset as u64, word, part]);
            }
        }
        if let Some((intent, _)) = self.intent {
            out.add(70, &[intent, w(0)]);
            out.add(71, &[intent, w(1)]);
            out.add(74, &[intent, w(1), w(2)]);
        }
        out.add(72, &[]);
    }

    /// Writes the features of a span, given what is known of its value.
    pub(super) fn span_keys(&self, start: usize, end: usize, value: [u64; 2], keys: &mut Vec<u32>) {
        keys.clear();
        let mut out = Collector { keys };
        let length = (end - start).min(8) as u64;
        let (before, after) = (self.word(start as isize - 1), self.word(end as isize));
        let (first, last) = (self.tokens[start].word, self.tokens[end - 1].word);
        out.add(80, &[length]);
        out.add(81, &[before, after]);
        out.add(82, &[before, after, length]);
        out.add(83, &[first, last]);
        out.add(84, &[value[0]]);
        out.add(85, &[value[1]]);
        out.add(86, &[value[1], before]);
        out.add(87, &[value[1], after]);
        out.add(88, &[value[1], length]);
        out.add(89, &[before, length]);
        out.add(90, &[after, length]);
        let class = |place: usize| self.tokens[place].classes[2];
        out.add(91, &[class(start), class(end - 1)]);
        let same = (start..end).all(|place| class(place) == class(start));
        out.add(92, &[class(start), u64::from(same), length]);
        if let Some((intent, _)) = self.intent {
            out.add(93, &[intent, length]);
            out.add(94, &[intent, before, after]);
            out.add(95, &[intent, value[1]]);
        }
        let whole = [before, self.word(start as isize - 2), after, self.word(end as isize + 1)];
        out.add(96, &whole);
        out.add(97, &whole[..3]);
        out.add(98, &[before, after, self.word(end as isize + 1)]);
    }
}

/// Passes the beginnings and the ends of a word, each with its template.
fn affixes(word: &str, mut add: impl FnMut(u64, u64)) {
    let count = word.chars().count();
    for length in 1..=AFFIX_MAX.min(count.saturating_sub(1)) {
        let cut = |skip: usize| {
            word.chars().skip(skip).take(length).fold(7, |hash, c| mix(hash, u64::from(c)))
        };
        add(200 + length as u64, cut(0));
        add(210 + length as u64, cut(count - length));
    }
}
