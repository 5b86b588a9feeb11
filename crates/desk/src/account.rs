//! Accounts: opening one, and its own settings.

use domain::{Account, Error, EventKind, Id, Language, News, Permission, Result};
use store::Tx;

use crate::check::{self, Fields};
use crate::{Actor, Desk};

/// What to change about an account; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeAccount {
    /// What the company is called.
    pub name: Option<String>,
    /// The language of whatever is not addressed to one contact.
    pub language: Option<Language>,
    /// The IANA time zone of its business hours and reports.
    pub time_zone: Option<String>,
}

impl Desk {
    /// Adds an account with nobody in it; [`Desk::add_agent`] gives it an owner.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a wrong name or time zone.
    pub async fn create_account(
        &self,
        name: &str,
        language: Language,
        time_zone: &str,
    ) -> Result<Account> {
        let mut fields = Fields::default();
        let name = fields.take(check::name(name));
        let time_zone = fields.take(check::time_zone(time_zone));
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let account = Account { id: tx.id()?, name, language, time_zone, created_at: now };
            store::account::insert(&tx, &account).await?;
            Ok(account)
        };
        self.parts.store.write(Account::NOBODY, body).await
    }

    /// Lists every account of the installation, for commands of the binary.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn list_accounts(&self) -> Result<Vec<Account>> {
        store::account::list_all(&self.read(Account::NOBODY)).await
    }

    /// Reads the actor's account.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if it is gone.
    pub async fn get_account(&self, actor: &Actor) -> Result<Account> {
        get(&self.read(actor.account)).await
    }

    /// Changes the settings of the actor's account.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::Invalid`].
    pub async fn change_account(&self, actor: &Actor, change: ChangeAccount) -> Result<Account> {
        actor.needs(Permission::Administer)?;
        let mut fields = Fields::default();
        let name = change.name.map(|name| fields.take(check::name(&name)));
        let time_zone = change.time_zone.map(|zone| fields.take(check::time_zone(&zone)));
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = get(&tx).await?;
            let account = Account {
                name: name.unwrap_or_else(|| before.name.clone()),
                language: change.language.unwrap_or(before.language),
                time_zone: time_zone.unwrap_or_else(|| before.time_zone.clone()),
                ..before.clone()
            };
            if account != before {
                store::account::update(&tx, &account).await?;
                tx.record(News::about(EventKind::AccountUpdated, account.id), now);
            }
            Ok(account)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Finds an account by its identity, for commands of the binary.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] if the database does not answer.
    pub async fn find_account(&self, id: Id<Account>) -> Result<Option<Account>> {
        store::account::find(&self.read(id)).await
    }
}

async fn get(reader: &store::Reader) -> Result<Account> {
    store::account::find(reader).await?.ok_or(Error::NotFound("the account"))
}
