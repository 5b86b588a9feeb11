//! The learned numbers, and how they score a sentence.

use super::feature::Sentence;
use super::index::{Index, Lists};
use super::lattice::{Potentials, Segment, Shape, Transitions};
use super::lexicon::{self, Label, Lexicon, value_of};
use crate::solver::add_scaled;

/// What the tagger knows of features and words; it does not change while numbers are learned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vocabulary {
    pub(super) slots: usize,
    pub(super) length_max: usize,
    pub(super) tokens: Index,
    pub(super) ends: Index,
    pub(super) spans: Index,
    pub(super) lexicon: Lexicon,
}

/// The known features of one sentence, and the vectors that an encoder gave its tokens, one behind the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Features {
    pub(super) tokens: Lists,
    pub(super) ends: Lists,
    pub(super) spans: Lists,
    pub(super) dense: Vec<f32>,
}

/// Tells which numbers score features: a row for each. They are exact while they are learned, and small afterwards.
pub(super) trait Rows {
    fn add_token(&self, features: &[u32], to: &mut [f32]);
    fn add_end(&self, features: &[u32], to: &mut [f32]);
    fn add_span(&self, features: &[u32], to: &mut [f32]);
    /// The weights of an encoder's vectors: for each of its numbers, those of a token and those of an end.
    fn dense(&self) -> &[f32];
}

/// Fills in what the lexicon says of each word; `own` are the sentence's own segments, when it was learned from too.
pub(super) fn classify(sentence: &mut Sentence, lexicon: &Lexicon, own: Option<&[Segment]>) {
    let words = sentence.words();
    let labels = own.map(|own| lexicon::labels(words.len(), own)).unwrap_or_default();
    for (place, token) in sentence.tokens.iter_mut().enumerate() {
        let mine = words.iter().zip(&labels).filter(|(word, _)| **word == words[place]);
        token.classes = lexicon.word(words[place], mine.map(|(_, label)| *label));
    }
}

impl Vocabulary {
    /// A vocabulary that knows words, and no features yet.
    pub(super) fn empty(slots: usize, length_max: usize, lexicon: Lexicon) -> Self {
        let (tokens, ends, spans) = (Index::new(vec![]), Index::new(vec![]), Index::new(vec![]));
        Self { slots, length_max, tokens, ends, spans, lexicon }
    }

    pub(super) fn shape(&self, tokens: usize) -> Shape {
        Shape { slots: self.slots, tokens, length_max: self.length_max.min(tokens.max(1)) }
    }

    /// The features of a classified sentence.
    pub(super) fn features(&self, sentence: &Sentence, own: Option<&[Segment]>) -> Features {
        let mut features = Features::default();
        let mut keys = Vec::with_capacity(128);
        let words = sentence.words();
        for place in 0..words.len() {
            sentence.token_keys(place, &mut keys);
            features.tokens.push(keys.iter().filter_map(|key| self.tokens.get(*key)));
            sentence.end_keys(place, &mut keys);
            features.ends.push(keys.iter().filter_map(|key| self.ends.get(*key)));
        }
        lexicon::each_span(words.len(), self.length_max, |start, end| {
            let value = self.value(&words, start, end, own);
            sentence.span_keys(start, end, value, &mut keys);
            features.spans.push(keys.iter().filter_map(|key| self.spans.get(*key)));
        });
        features
    }

    /// What the lexicon says of a span.
    pub(super) fn value(
        &self,
        words: &[u64],
        start: usize,
        end: usize,
        own: Option<&[Segment]>,
    ) -> [u64; 2] {
        let mine = own.map(|own| {
            let same = own.iter().find(|one| (one.start, one.end) == (start, end));
            same.map_or(Label::MAX, |one| one.slot as Label)
        });
        self.lexicon.value(value_of(&words[start..end]), mine.into_iter())
    }
}

/// Scores and gradients per token, before they are summed over spans and after they were.
#[derive(Debug, Default)]
pub(super) struct PerToken {
    /// For each token: beginning a slot, each; continuing it, each; in none.
    pub(super) rows: Vec<f32>,
    /// For each token: ending a slot, each.
    pub(super) ends: Vec<f32>,
}

/// The numbers in a row of [`PerToken::rows`].
pub(super) fn token_width(slots: usize) -> usize {
    2 * slots + 1
}

impl PerToken {
    pub(super) fn reset(&mut self, shape: Shape) {
        self.rows.clear();
        self.rows.resize(shape.tokens * token_width(shape.slots), 0.0);
        self.ends.clear();
        self.ends.resize(shape.tokens * shape.slots, 0.0);
    }

    pub(super) fn row(&self, slots: usize, place: usize) -> &[f32] {
        &self.rows[place * token_width(slots)..][..token_width(slots)]
    }

    pub(super) fn row_mut(&mut self, slots: usize, place: usize) -> &mut [f32] {
        &mut self.rows[place * token_width(slots)..][..token_width(slots)]
    }

    pub(super) fn end(&self, slots: usize, place: usize) -> &[f32] {
        &self.ends[place * slots..][..slots]
    }

    pub(super) fn end_mut(&mut self, slots: usize, place: usize) -> &mut [f32] {
        &mut self.ends[place * slots..][..slots]
    }

    /// Sums the scores of tokens over every span; what the potentials hold already is added to.
    pub(super) fn spread(&self, potentials: &mut Potentials) {
        let Shape { slots, tokens, length_max } = potentials.shape;
        let mut sum = vec![0.0; slots];
        for start in 0..tokens {
            sum.copy_from_slice(&self.row(slots, start)[..slots]);
            for end in start + 1..=tokens.min(start + length_max) {
                if end > start + 1 {
                    add_scaled(&mut sum, &self.row(slots, end - 1)[slots..2 * slots], 1.0);
                }
                let span = potentials.span_mut(start, end);
                add_scaled(span, &sum, 1.0);
                add_scaled(span, self.end(slots, end - 1), 1.0);
            }
        }
        for place in 0..tokens {
            potentials.outside[place] += self.row(slots, place)[2 * slots];
        }
    }

    /// Gathers the gradient of tokens from that of spans: the reverse of [`PerToken::spread`].
    pub(super) fn gather(&mut self, gradient: &Potentials) {
        let shape = gradient.shape;
        let Shape { slots, tokens, length_max } = shape;
        self.reset(shape);
        let mut sum = vec![0.0; slots];
        for start in 0..tokens {
            sum.fill(0.0);
            // From the longest span to the shortest: the spans so far are those that reach beyond the token.
            for end in (start + 1..=tokens.min(start + length_max)).rev() {
                let span = gradient.span(start, end);
                add_scaled(self.end_mut(slots, end - 1), span, 1.0);
                add_scaled(&mut sum, span, 1.0);
                let row = self.row_mut(slots, end - 1);
                let part =
                    if end == start + 1 { &mut row[..slots] } else { &mut row[slots..2 * slots] };
                add_scaled(part, &sum, 1.0);
            }
        }
        for place in 0..tokens {
            self.row_mut(slots, place)[2 * slots] = gradient.outside[place];
        }
    }
}

/// Scores a sentence by its features.
pub(super) fn score(
    rows: &impl Rows,
    features: &Features,
    shape: Shape,
    per_token: &mut PerToken,
    potentials: &mut Potentials,
) {
    let slots = shape.slots;
    per_token.reset(shape);
    potentials.reset(shape);
    add_dense(rows.dense(), &features.dense, shape, per_token);
    for place in 0..shape.tokens {
        rows.add_token(features.tokens.get(place), per_token.row_mut(slots, place));
        rows.add_end(features.ends.get(place), per_token.end_mut(slots, place));
    }
    let mut number = 0;
    lexicon::each_span(shape.tokens, shape.length_max, |start, end| {
        rows.add_span(features.spans.get(number), potentials.span_mut(start, end));
        number += 1;
    });
    per_token.spread(potentials);
}

/// Adds the scores of an encoder's vectors.
fn add_dense(weights: &[f32], vectors: &[f32], shape: Shape, per_token: &mut PerToken) {
    let (slots, width) = (shape.slots, token_width(shape.slots));
    if vectors.is_empty() || shape.tokens == 0 {
        return;
    }
    for (place, vector) in vectors.chunks_exact(vectors.len() / shape.tokens).enumerate() {
        for (value, row) in vector.iter().zip(weights.chunks_exact(width + slots)) {
            let (token, end) = row.split_at(width);
            add_scaled(per_token.row_mut(slots, place), token, *value);
            add_scaled(per_token.end_mut(slots, place), end, *value);
        }
    }
}

/// The weights while they are learned; also what belongs to each of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) slots: usize,
    pub(super) tokens: Vec<f32>,
    pub(super) ends: Vec<f32>,
    pub(super) spans: Vec<f32>,
    pub(super) dense: Vec<f32>,
    pub(super) transitions: Transitions,
}

impl Weights {
    /// As many weights as the vocabulary and an encoder's vectors need, all alike.
    pub(super) fn filled(vocabulary: &Vocabulary, encoder_width: usize, value: f32) -> Self {
        let slots = vocabulary.slots;
        let mut transitions = Transitions::zero(slots);
        for part in transitions.parts_mut() {
            part.fill(value);
        }
        Self {
            slots,
            tokens: vec![value; vocabulary.tokens.len() * token_width(slots)],
            ends: vec![value; vocabulary.ends.len() * slots],
            spans: vec![value; vocabulary.spans.len() * slots],
            dense: vec![value; encoder_width * (token_width(slots) + slots)],
            transitions,
        }
    }

    pub(super) fn parts(&self) -> [&[f32]; 7] {
        let [enter, leave, stop] = self.transitions.parts();
        [&self.tokens, &self.ends, &self.spans, &self.dense, enter, leave, stop]
    }

    pub(super) fn parts_mut(&mut self) -> [&mut [f32]; 7] {
        let [enter, leave, stop] = self.transitions.parts_mut();
        [&mut self.tokens, &mut self.ends, &mut self.spans, &mut self.dense, enter, leave, stop]
    }
}

fn add_rows(rows: &[f32], features: &[u32], to: &mut [f32]) {
    for feature in features {
        add_scaled(to, &rows[*feature as usize * to.len()..][..to.len()], 1.0);
    }
}

impl Rows for Weights {
    fn add_token(&self, features: &[u32], to: &mut [f32]) {
        add_rows(&self.tokens, features, to);
    }

    fn add_end(&self, features: &[u32], to: &mut [f32]) {
        add_rows(&self.ends, features, to);
    }

    fn add_span(&self, features: &[u32], to: &mut [f32]) {
        add_rows(&self.spans, features, to);
    }

    fn dense(&self) -> &[f32] {
        &self.dense
    }
}
