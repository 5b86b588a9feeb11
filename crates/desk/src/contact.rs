//! Contacts: the persons who ask.

use domain::{Contact, Error, EventKind, Id, Language, News, Permission, Result, clean_line};
use store::{Reader, Tx};

use crate::check::{self, Fields};
use crate::{Actor, Desk};

/// How long a search may be, in characters.
const SEARCH_CHARS_MAX: usize = 100;
/// How long a phone number may be, in characters.
const PHONE_CHARS_MAX: usize = 40;

/// What to change about a contact; the outer `None` leaves a thing as it is, the
/// inner one forgets it.
#[derive(Clone, Debug, Default)]
pub struct ChangeContact {
    /// What the person is called.
    pub name: Option<Option<String>>,
    /// An e-mail address.
    pub email: Option<Option<String>>,
    /// A phone number.
    pub phone: Option<Option<String>>,
    /// The language last used.
    pub language: Option<Language>,
}

impl Desk {
    /// Lists contacts, newest first, whose name, e-mail or phone contains
    /// `search`, from before one on.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], and [`Error::Invalid`] for too long a search.
    pub async fn list_contacts(
        &self,
        actor: &Actor,
        search: Option<&str>,
        before: Option<Id<Contact>>,
        limit: u64,
    ) -> Result<Vec<Contact>> {
        actor.needs(Permission::ReadConversations)?;
        let search =
            search.map(|text| domain::clean_text(text, "/search", SEARCH_CHARS_MAX)).transpose()?;
        let search = search.filter(|text| !text.is_empty());
        store::contact::list(&self.read(actor.account), search.as_deref(), before, limit).await
    }

    /// Reads one contact.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn get_contact(&self, actor: &Actor, id: Id<Contact>) -> Result<Contact> {
        actor.needs(Permission::ReadConversations)?;
        get(&self.read(actor.account), id).await
    }

    /// Changes what is known of a contact.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`] and [`Error::Invalid`].
    pub async fn change_contact(
        &self,
        actor: &Actor,
        id: Id<Contact>,
        change: ChangeContact,
    ) -> Result<Contact> {
        actor.needs(Permission::WriteContacts)?;
        let mut fields = Fields::default();
        let name = changed(change.name, |name| fields.take(check::name(name)));
        let email = changed(change.email, |email| fields.take(check::email(email)));
        let phone = changed(change.phone, |phone| {
            fields.take(clean_line(phone, "/phone", PHONE_CHARS_MAX))
        });
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx, id).await?;
            let contact = Contact {
                name: name.unwrap_or_else(|| before.name.clone()),
                email: email.unwrap_or_else(|| before.email.clone()),
                phone: phone.unwrap_or_else(|| before.phone.clone()),
                language: change.language.unwrap_or(before.language),
                ..before.clone()
            };
            if contact != before {
                store::contact::update(&tx, &contact).await?;
                tx.record(News::about(EventKind::ContactUpdated, id), now);
            }
            Ok(contact)
        };
        self.parts.store.write(actor.account, body).await
    }
}

/// Checks a field that may be left, forgotten or set; a blank one is forgotten.
fn changed(
    field: Option<Option<String>>,
    mut check: impl FnMut(&str) -> String,
) -> Option<Option<String>> {
    field.map(|value| value.filter(|text| !text.trim().is_empty()).map(|text| check(&text)))
}

async fn get(reader: &Reader, id: Id<Contact>) -> Result<Contact> {
    store::contact::find(reader, id).await?.ok_or(Error::NotFound("the contact"))
}
