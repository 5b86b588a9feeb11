//! Languages, as models and as the desk name them.

use domain::Language;

/// The language that a model names, as the desk names it.
pub(crate) fn written(language: nlu::Language) -> Language {
    match language {
        nlu::Language::Zh => Language::Zh,
        nlu::Language::En => Language::En,
    }
}

/// The language that the desk names, as a model names it.
pub(crate) fn spoken(language: Language) -> nlu::Language {
    match language {
        Language::Zh => nlu::Language::Zh,
        Language::En => nlu::Language::En,
    }
}
