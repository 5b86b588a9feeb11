//! Statements: text and values gathered together, and rows read back.
//!
//! This is the only file that knows how the two databases differ in a
//! statement: `?` becomes `$1`, `$2` … for PostgreSQL.

use domain::{Account, Error, Id, Result};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, TryGetable, Value};

/// How many rows one statement inserts at most.
const ROWS_PER_STATEMENT: usize = 256;

/// A statement under construction.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Begins with a literal.
    pub fn new(text: &str) -> Self {
        Sql { text: text.to_owned(), values: Vec::new() }
    }

    /// Appends a literal.
    #[must_use]
    pub fn push(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Gives the next `?` its value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Appends a literal with one `?`, and its value, if there is one.
    #[must_use]
    pub fn push_if(self, text: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.push(text).bind(value),
            None => self,
        }
    }

    /// Appends `(?, ?, …)` for a list of values, which must not be empty.
    #[must_use]
    pub fn list(mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        self.text.push('(');
        for (i, value) in values.into_iter().enumerate() {
            self.text.push_str(if i == 0 { "?" } else { ", ?" });
            self.values.push(value.into());
        }
        self.text.push(')');
        self
    }

    /// Appends `(?, ?, …)` for the alternatives of an `IN`, of which there must be
    /// one. The last is repeated until their number is one of a few, so that the
    /// databases keep the prepared statements.
    #[must_use]
    pub fn one_of(self, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
        if let Some(last) = values.last().cloned() {
            values.resize(values.len().next_power_of_two(), last);
        }
        self.list(values)
    }

    /// Appends `VALUES (?, ?), …` for rows to join with, of which there must be
    /// one. Rows of `nothing`, which joins with no row, make their number one of
    /// a few, as in [`Sql::one_of`].
    #[must_use]
    pub fn rows<const COLUMNS: usize>(
        self,
        rows: impl Iterator<Item = [Value; COLUMNS]>,
        nothing: [Value; COLUMNS],
    ) -> Self {
        let mut rows: Vec<[Value; COLUMNS]> = rows.collect();
        rows.resize(rows.len().next_power_of_two(), nothing);
        rows.into_iter().enumerate().fold(self.push("VALUES "), |sql, (i, row)| {
            sql.push(if i == 0 { "" } else { ", " }).list(row)
        })
    }

    /// Begins a statement that reads those rows of an account that have one of the
    /// `ids`, of which there must be one. `select` is all before `WHERE`.
    ///
    /// The plus keeps SQLite, which would rather use an index of the account, from
    /// reading everything that the account has.
    pub(crate) fn by_ids(
        select: &str,
        account: Id<Account>,
        ids: impl IntoIterator<Item = i64>,
    ) -> Self {
        let sql = Sql::new(select).push(" WHERE id IN ").one_of(ids);
        sql.push(" AND +account_id = ?").bind(account.number())
    }

    /// Whether the statement names an account and binds this one. What is done on
    /// behalf of nobody is about no account, or about all.
    pub(crate) fn is_of(&self, account: Id<Account>) -> bool {
        // The one table without the column keeps the account as a word.
        let is_about_one = self.text.contains("account") || self.text.contains("message_search");
        account == Account::NOBODY || (is_about_one && name_account(&self.values, account))
    }

    fn statement(self, backend: DbBackend) -> Statement {
        let text = match backend {
            DbBackend::Postgres => numbered(&self.text),
            _ => self.text,
        };
        Statement::from_sql_and_values(backend, text, self.values)
    }

    /// Runs the statement and counts the rows that it changed.
    pub(crate) async fn run(self, connection: &impl ConnectionTrait) -> Result<u64> {
        let statement = self.statement(connection.get_database_backend());
        let result = connection.execute_raw(statement).await.map_err(broken)?;
        Ok(result.rows_affected())
    }

    /// Runs the statement and returns its first row.
    pub(crate) async fn one(self, connection: &impl ConnectionTrait) -> Result<Option<Row>> {
        let statement = self.statement(connection.get_database_backend());
        Ok(connection.query_one_raw(statement).await.map_err(broken)?.map(Row))
    }

    /// Runs the statement and returns its rows.
    pub(crate) async fn all(self, connection: &impl ConnectionTrait) -> Result<Vec<Row>> {
        let statement = self.statement(connection.get_database_backend());
        let rows = connection.query_all_raw(statement).await.map_err(broken)?;
        Ok(rows.into_iter().map(Row).collect())
    }
}

/// Replaces each `?` by `$1`, `$2` … None of our statements has one in a literal.
fn numbered(text: &str) -> String {
    let mut numbered = String::with_capacity(text.len() * 2);
    let mut n = 0;
    for part in text.split_inclusive('?') {
        match part.strip_suffix('?') {
            Some(before) => {
                n += 1;
                numbered.push_str(before);
                numbered.push('$');
                numbered.push_str(&n.to_string());
            }
            None => numbered.push_str(part),
        }
    }
    numbered
}

/// Inserts many rows with one statement, or with few if there are very many.
///
/// `head` is all before the rows, `tail` all after them (`ON CONFLICT …`). The
/// first column is one that is never null: the rows that fill the statement up
/// to one of its few sizes have a null there, and are left out by the database.
pub(crate) async fn insert_many<const COLUMNS: usize>(
    connection: &impl ConnectionTrait,
    head: &str,
    rows: Vec<[Value; COLUMNS]>,
    tail: &str,
) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    while let Some(first) = rows.peek() {
        let nothing = first.each_ref().map(Value::as_null);
        Sql::new(head)
            .push(" SELECT * FROM (")
            .rows(rows.by_ref().take(ROWS_PER_STATEMENT), nothing)
            .push(") AS given WHERE given.column1 IS NOT NULL ")
            .push(tail)
            .run(connection)
            .await?;
    }
    Ok(())
}

/// Whether an account is among the values of a row or a statement: as a number, or
/// as a word where it is text that is looked through.
pub(crate) fn name_account(values: &[Value], account: Id<Account>) -> bool {
    let (number, word) = (Value::from(account.number()), account_word(account));
    values.iter().any(|value| match value {
        Value::String(Some(text)) => {
            text.split(|c: char| !c.is_alphanumeric()).any(|part| part == word)
        }
        value => *value == number,
    })
}

/// The word that marks the messages of one account in the shared index.
pub(crate) fn account_word(account: Id<Account>) -> String {
    format!("account{account}")
}

/// A row that a statement returned.
#[derive(Debug)]
pub(crate) struct Row(QueryResult);

impl Row {
    /// Reads a column.
    pub(crate) fn get<T: TryGetable>(&self, column: &str) -> Result<T> {
        self.0.try_get("", column).map_err(broken)
    }

    /// Reads an identity.
    pub(crate) fn id<T>(&self, column: &str) -> Result<Id<T>> {
        self.get::<i64>(column).map(Id::new)
    }

    /// Reads an identity that may be absent.
    pub(crate) fn maybe_id<T>(&self, column: &str) -> Result<Option<Id<T>>> {
        Ok(self.get::<Option<i64>>(column)?.map(Id::new))
    }

    /// Reads a time.
    pub(crate) fn time(&self, column: &str) -> Result<Timestamp> {
        time_from_ms(self.get(column)?)
    }

    /// Reads a time that may be absent.
    pub(crate) fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>> {
        self.get::<Option<i64>>(column)?.map(time_from_ms).transpose()
    }

    /// Reads a number that stands for one of a few things.
    pub(crate) fn coded<T>(&self, column: &str, read: fn(i16) -> Option<T>) -> Result<T> {
        let number: i16 = self.get(column)?;
        read(number).ok_or_else(|| corrupt(column, number))
    }

    /// Reads JSON that we wrote.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T> {
        serde_json::from_str(&self.get::<String>(column)?).map_err(Error::internal)
    }

    /// Reads what is kept as JSON, if there is anything.
    pub(crate) fn maybe_json<T: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<Option<T>> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
    }

    /// Reads one of the words that we write for an enumeration.
    pub(crate) fn word<T: serde::de::DeserializeOwned>(&self, column: &str) -> Result<T> {
        let word: String = self.get(column)?;
        serde_json::from_value(word.into()).map_err(Error::internal)
    }
}

/// Writes an enumeration as the word that its serde name is.
pub(crate) fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("only enumerations without data are kept as words"),
    }
}

/// Writes JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

/// Writes a time.
pub(crate) fn ms(time: Timestamp) -> i64 {
    time.as_millisecond()
}

fn time_from_ms(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms).map_err(Error::internal)
}

fn corrupt(column: &str, value: impl std::fmt::Display) -> Error {
    Error::internal(format!("`{value}` is no known value of the column `{column}`"))
}

/// Sorts a database's complaint by what can be done about it.
pub(crate) fn broken(error: DbErr) -> Error {
    use sea_orm::SqlErr;
    if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
        return Error::Refused(domain::Rule::NameTaken);
    }
    match error {
        DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Error::Unavailable(error.into()),
        other => Error::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_are_numbered_for_postgres() {
        let sql = Sql::new("a = ? AND b IN ").bind(1).list([2, 3]);

        assert_eq!(numbered(&sql.text), "a = $1 AND b IN ($2, $3)");
        assert_eq!(sql.values.len(), 3);
    }

    #[test]
    fn a_statement_without_its_account_is_found_out() {
        let account = Id::new(7);

        assert!(Sql::new("DELETE FROM tag WHERE account_id = ?").bind(7_i64).is_of(account));
        assert!(!Sql::new("DELETE FROM tag WHERE account_id = ?").bind(8_i64).is_of(account));
        assert!(!Sql::new("DELETE FROM tag WHERE id = ?").bind(7_i64).is_of(account));
        assert!(Sql::new("DELETE FROM tag").is_of(Account::NOBODY));

        let search = |words: &str| Sql::new("… message_search MATCH ?").bind(words.to_owned());
        assert!(search("\"基金\" AND \"account7\"").is_of(account));
        assert!(!search("\"基金\" AND \"account77\"").is_of(account));
    }

    #[test]
    fn alternatives_come_in_few_sizes() {
        let sql = Sql::new("").one_of([1, 2, 3]);

        assert_eq!(sql.text, "(?, ?, ?, ?)");
        assert_eq!(sql.values, [1.into(), 2.into(), 3.into(), 3.into()] as [Value; 4]);
    }

    #[test]
    fn rows_to_join_with_are_filled_up_with_nothing() {
        let rows = [[1.into()], [2.into()], [3.into()]];
        let sql = Sql::new("").rows(rows.into_iter(), [0.into()]);

        assert_eq!(sql.text, "VALUES (?), (?), (?), (?)");
        assert_eq!(sql.values, [1.into(), 2.into(), 3.into(), 0.into()] as [Value; 4]);
    }
}
