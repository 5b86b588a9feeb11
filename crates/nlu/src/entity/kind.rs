//! The kinds of what is found, built in and named by a trainer.
//!
//! A kind is a name and no more; how each is found stands in the module of its family.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Names the kind of a finding. In JSON it is its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Kind {
    /// A number or a range of numbers.
    Number,
    /// A place in an order: 第三, 22nd.
    Ordinal,
    /// A share of a hundred.
    Percent,
    /// An amount in a currency.
    Money,
    /// A day, or a longer stretch of the calendar.
    Date,
    /// A time of the day.
    Time,
    /// A time on a day.
    DateTime,
    /// A length of time.
    Duration,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An address on the web.
    Url,
    /// The number of an order.
    OrderNumber,
    /// A number that a Chinese identity card carries.
    IdCard,
    /// The number of a bank card.
    BankCard,
    /// What a gazetteer or a pattern of the trainer finds, by its name.
    Named(Arc<str>),
}

impl Kind {
    /// Every kind that is built in, in the order in which the more specific one wins over an equally long other.
    pub const BUILT_IN: [Kind; 14] = [
        Kind::IdCard,
        Kind::BankCard,
        Kind::Phone,
        Kind::Email,
        Kind::Url,
        Kind::DateTime,
        Kind::Date,
        Kind::Time,
        Kind::Duration,
        Kind::Money,
        Kind::Percent,
        Kind::Ordinal,
        Kind::OrderNumber,
        Kind::Number,
    ];

    /// Returns the name that stands in settings and JSON.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Number => "number",
            Self::Ordinal => "ordinal",
            Self::Percent => "percent",
            Self::Money => "money",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date_time",
            Self::Duration => "duration",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::OrderNumber => "order_number",
            Self::IdCard => "id_card",
            Self::BankCard => "bank_card",
            Self::Named(name) => name,
        }
    }

    /// Tells whether the kind is built in.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        !matches!(self, Self::Named(_))
    }

    /// Returns the place of the kind among equally long findings; what a trainer wrote comes first.
    pub(super) fn rank(&self) -> usize {
        Self::BUILT_IN.iter().position(|kind| kind == self).map_or(0, |place| place + 1)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<&str> for Kind {
    fn from(name: &str) -> Self {
        let built_in = Self::BUILT_IN.into_iter().find(|kind| kind.name() == name);
        built_in.unwrap_or_else(|| Self::Named(name.into()))
    }
}

impl From<String> for Kind {
    fn from(name: String) -> Self {
        Self::from(name.as_str())
    }
}

impl From<Kind> for String {
    fn from(kind: Kind) -> Self {
        kind.name().to_owned()
    }
}
