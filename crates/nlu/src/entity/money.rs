//! Money: a sign before an amount, or an amount with its units after it: 三块五, 1.2万块, $3.50, 5 dollars 30 cents.

use rust_decimal::Decimal;

use super::number::{Form, Numeral};
use super::reader::Reader;
use super::value::Value;
use super::words::{PIECES, Sense};

/// The currency of 块, 毛 and 分.
const YUAN: &str = "CNY";

/// An amount while it is read.
struct Amount {
    value: Decimal,
    currency: &'static str,
    /// The power of ten of the last unit below the main one.
    below: u8,
    end: usize,
}

impl Reader<'_> {
    /// Reads an amount of money that begins at a token.
    pub(super) fn money(&self, i: usize) -> Option<(Value, usize)> {
        let amount = self.signed(i).or_else(|| self.counted(i))?;
        let amount = Amount { end: self.skip(amount.end, Sense::MoneyWord), ..amount };
        let currency = amount.currency.to_owned();
        Some((Value::Money { amount: amount.value.normalize(), currency }, amount.end))
    }

    /// Reads an amount after a sign; the unit may follow as well: ¥500, 人民币500元.
    fn signed(&self, i: usize) -> Option<Amount> {
        let sign = |s| if let Sense::Sign(currency) = s { Some(currency) } else { None };
        let currency = self.tokens.find(i, sign)?;
        let numeral = self.numerals.exact(i + 1)?;
        let plain = Amount { value: numeral.value, currency, below: 0, end: numeral.end };
        let counted = self.counted(i + 1).filter(|counted| {
            counted.end > plain.end && (counted.currency == currency || counted.currency == YUAN)
        });
        Some(counted.map_or(plain, |counted| Amount { currency, ..counted }))
    }

    /// Reads an amount with its units.
    fn counted(&self, i: usize) -> Option<Amount> {
        let numeral = self.numerals.exact(i).filter(|_| !self.numerals.is_inside(i))?;
        if self.tokens.digits(i).is_some() && self.continues_before(i) {
            return None;
        }
        let mut amount = self.first_unit(&numeral)?;
        while let Some(longer) = self.next_unit(&amount) {
            amount = longer;
        }
        Some(self.shortened(amount))
    }

    fn first_unit(&self, numeral: &Numeral) -> Option<Amount> {
        let at = numeral.end;
        if self.tokens.is(at, Sense::Kuai) {
            let (value, end) = match numeral.value.checked_add(Decimal::new(5, 1)) {
                Some(halved) if self.tokens.is(at + 1, Sense::Half) => (halved, at + 2),
                _ => (numeral.value, at + 1),
            };
            let counts_pieces = PIECES.iter().any(|piece| self.rest(end).starts_with(piece));
            let amount = Amount { value, currency: YUAN, below: 0, end };
            return (!counts_pieces).then(|| self.renamed(amount));
        }
        let (currency, below) = self.coin(at)?;
        // 五分 alone may be minutes or points.
        if self.word(at) == "分" {
            return None;
        }
        let value = numeral.value.checked_mul(Decimal::new(1, u32::from(below)))?;
        Some(Amount { value, currency, below, end: at + 1 })
    }

    /// Takes another currency after 块: 三块美金.
    fn renamed(&self, amount: Amount) -> Amount {
        match self.coin(amount.end) {
            Some((currency, 0)) => Amount { currency, end: amount.end + 1, ..amount },
            _ => amount,
        }
    }

    /// Adds a smaller unit: 五毛 after 三块, "and 30 cents" after "5 dollars".
    fn next_unit(&self, amount: &Amount) -> Option<Amount> {
        let at = self.skip(self.skip(amount.end, Sense::And), Sense::Zero);
        let numeral = self.numerals.exact(at)?;
        let (currency, below) = self.coin(numeral.end)?;
        let part = numeral.value.checked_mul(Decimal::new(1, u32::from(below)))?;
        let fits = currency == amount.currency
            && below > amount.below
            && numeral.value < Decimal::ONE_HUNDRED;
        let value = amount.value.checked_add(part).filter(|_| fits)?;
        Some(Amount { value, currency, below, end: numeral.end + 1 })
    }

    /// Adds a last digit without its unit: 三块五, 五毛二.
    fn shortened(&self, amount: Amount) -> Amount {
        let units = &[Sense::Measure, Sense::Point, Sense::Over, Sense::Half];
        let last = self.tokens.is(amount.end - 1, Sense::Kuai) || self.word(amount.end - 1) == "毛";
        let digit = self.numerals.whole(amount.end).filter(|numeral| {
            let single = matches!(numeral.form, Form::Single | Form::Digits(1));
            let counts = |sense: &Sense| {
                units.contains(sense)
                    || matches!(sense, Sense::Unit(_) | Sense::Scale(_) | Sense::Coin(..))
            };
            single
                && !self.tokens.is_spaced(amount.end)
                && !self.tokens.senses(numeral.end).iter().any(counts)
                && !self.continues_after(numeral.end)
        });
        let Some(digit) = digit.filter(|_| last && amount.below < 2) else { return amount };
        let below = amount.below + 1;
        let part = digit.value.checked_mul(Decimal::new(1, u32::from(below)));
        match part.and_then(|part| amount.value.checked_add(part)) {
            Some(value) => Amount { value, below, end: digit.end, ..amount },
            None => amount,
        }
    }

    fn coin(&self, i: usize) -> Option<(&'static str, u8)> {
        let coin =
            |s| if let Sense::Coin(currency, below) = s { Some((currency, below)) } else { None };
        self.tokens.find(i, coin)
    }
}
