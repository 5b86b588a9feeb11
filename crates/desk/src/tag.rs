//! Tags: labels on conversations.

use domain::{Error, EventKind, Id, News, Permission, Result, Rule, Tag, clean_line};
use serde_json::json;
use store::Tx;

use crate::check::Fields;
use crate::{Actor, Desk};

/// How many tags an account may have.
const TAGS_MAX: usize = 1_000;
/// How long a tag may be, in characters.
const NAME_CHARS_MAX: usize = 40;

impl Desk {
    /// Lists the tags of the account by name.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_tags(&self, actor: &Actor) -> Result<Vec<Tag>> {
        actor.needs(Permission::ReadDirectory)?;
        store::tag::list(&self.read(actor.account)).await
    }

    /// Adds a tag; its colour is `#rrggbb`.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`], [`Rule::NameTaken`] and
    /// [`Rule::LimitReached`].
    pub async fn create_tag(&self, actor: &Actor, name: &str, color: &str) -> Result<Tag> {
        actor.needs(Permission::WriteLibrary)?;
        let mut fields = Fields::default();
        let name = fields.take(check_name(name));
        let color = fields.take(check_color(color));
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if store::tag::list(&tx).await?.len() >= TAGS_MAX {
                return Err(Rule::LimitReached.into());
            }
            let tag = Tag { id: tx.id()?, name, color };
            store::tag::save(&tx, &tag).await?;
            tx.record(News::about(EventKind::TagUpdated, tag.id), now);
            Ok(tag)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Changes a tag's name or colour; `None` leaves it as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`] and
    /// [`Rule::NameTaken`].
    pub async fn change_tag(
        &self,
        actor: &Actor,
        id: Id<Tag>,
        name: Option<String>,
        color: Option<String>,
    ) -> Result<Tag> {
        actor.needs(Permission::WriteLibrary)?;
        let mut fields = Fields::default();
        let name = name.map(|name| fields.take(check_name(&name)));
        let color = color.map(|color| fields.take(check_color(&color)));
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = store::tag::find(&tx, id).await?.ok_or(NOT_FOUND)?;
            let tag = Tag {
                id,
                name: name.unwrap_or_else(|| before.name.clone()),
                color: color.unwrap_or_else(|| before.color.clone()),
            };
            if tag != before {
                store::tag::save(&tx, &tag).await?;
                tx.record(News::about(EventKind::TagUpdated, id), now);
            }
            Ok(tag)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Removes a tag everywhere.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn delete_tag(&self, actor: &Actor, id: Id<Tag>) -> Result<()> {
        actor.needs(Permission::WriteLibrary)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if !store::tag::delete(&tx, id).await? {
                return Err(NOT_FOUND);
            }
            tx.record(News::about(EventKind::TagUpdated, id).with(json!({"removed": true})), now);
            Ok(())
        };
        self.parts.store.write(actor.account, body).await
    }
}

const NOT_FOUND: Error = Error::NotFound("the tag");

fn check_name(name: &str) -> Result<String> {
    clean_line(name, "/name", NAME_CHARS_MAX)
}

fn check_color(color: &str) -> Result<String> {
    let digits = color.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(color.to_ascii_lowercase());
    }
    Err(Error::invalid("/color", "is not a colour such as #2f6fed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_six_hexadecimal_digits() {
        assert_eq!(check_color("#2F6FED").unwrap(), "#2f6fed");
        for wrong in ["", "2f6fed", "#2f6fe", "#2f6fedd", "#2f6feg", "red", "#红红"] {
            assert!(check_color(wrong).is_err(), "{wrong}");
        }
    }
}
