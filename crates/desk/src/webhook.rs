//! Webhooks: which of a company's URLs hear of which events, and what became
//! of each delivery. Sending them is the business of [`crate::delivery`].

use domain::{
    Delivery, DeliveryState, Error, EventKind, Id, News, Permission, Result, Rule, Secrets, Webhook,
};
use outbound::{Refusal, USER_TEXT_EN};
use store::{Tx, webhook};

use crate::{Actor, Desk};

/// How many webhooks an account may have.
pub(crate) const WEBHOOKS_MAX: usize = 20;
/// How many deliveries a page has at most.
const PAGE_SIZE_MAX: u64 = 100;

/// What to change of a webhook; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeWebhook {
    /// Where to deliver.
    pub url: Option<String>,
    /// Which events; empty means all.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether it is delivered to.
    pub enabled: Option<bool>,
}

/// A webhook with a new secret, for the one time that the secret is shown.
#[derive(Clone)]
pub struct WebhookSecret {
    /// The webhook.
    pub webhook: Webhook,
    /// The secret that signs from now on, as `whsec_…`.
    pub secret: String,
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookSecret").field("webhook", &self.webhook.id).finish_non_exhaustive()
    }
}

impl Desk {
    /// Lists the webhooks of the account, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`].
    pub async fn list_webhooks(&self, actor: &Actor) -> Result<Vec<Webhook>> {
        actor.needs(Permission::Integrate)?;
        webhook::list(&self.read(actor.account)).await
    }

    /// Gets a webhook.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`].
    pub async fn get_webhook(&self, actor: &Actor, id: Id<Webhook>) -> Result<Webhook> {
        actor.needs(Permission::Integrate)?;
        get(&self.read(actor.account), id).await
    }

    /// Adds a webhook. Without `kinds` it hears of everything; it is delivered
    /// to at once unless `enabled` says otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::Invalid`] if
    /// the URL is missing or may not be reached; [`Rule::LimitReached`].
    pub async fn create_webhook(&self, actor: &Actor, new: ChangeWebhook) -> Result<WebhookSecret> {
        actor.needs(Permission::Integrate)?;
        let url = new.url.ok_or_else(|| Error::invalid("/url", "must be given"))?;
        self.check_url(&url).await?;
        let (secret, now) = (self.draw_signing_secret(), self.now());
        let kinds = once_each(new.kinds.unwrap_or_default());
        let enabled = new.enabled.unwrap_or(true);
        let create = move |tx: Tx| async move {
            if webhook::list(&tx).await?.len() >= WEBHOOKS_MAX {
                return Err(Rule::LimitReached.into());
            }
            let webhook = Webhook {
                id: tx.id()?,
                url,
                kinds,
                secrets: Secrets::new(secret.clone()),
                enabled,
                created_at: now,
            };
            webhook::save(&tx, &webhook).await?;
            tx.record(News::about(EventKind::WebhookUpdated, webhook.id), now);
            Ok(WebhookSecret { webhook, secret })
        };
        self.parts.store.write(actor.account, create).await
    }

    /// Changes a webhook.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`];
    /// [`Error::Invalid`] if the URL may not be reached.
    pub async fn change_webhook(
        &self,
        actor: &Actor,
        id: Id<Webhook>,
        change: ChangeWebhook,
    ) -> Result<Webhook> {
        actor.needs(Permission::Integrate)?;
        let before = get(&self.read(actor.account), id).await?;
        if let Some(url) = change.url.as_ref().filter(|url| **url != before.url) {
            self.check_url(url).await?;
        }
        let now = self.now();
        let apply = move |tx: Tx| async move {
            let mut webhook = get(&tx, id).await?;
            let before = webhook.clone();
            webhook.url = change.url.unwrap_or(webhook.url);
            webhook.kinds = change.kinds.map_or(webhook.kinds, once_each);
            webhook.enabled = change.enabled.unwrap_or(webhook.enabled);
            if webhook != before {
                webhook::save(&tx, &webhook).await?;
                tx.record(News::about(EventKind::WebhookUpdated, id), now);
            }
            Ok(webhook)
        };
        self.parts.store.write(actor.account, apply).await
    }

    /// Removes a webhook, with its deliveries.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`].
    pub async fn delete_webhook(&self, actor: &Actor, id: Id<Webhook>) -> Result<()> {
        actor.needs(Permission::Integrate)?;
        let now = self.now();
        let delete = move |tx: Tx| async move {
            if !webhook::delete(&tx, id).await? {
                return Err(Error::NotFound("webhook"));
            }
            tx.record(News::about(EventKind::WebhookUpdated, id), now);
            Ok(())
        };
        self.parts.store.write(actor.account, delete).await
    }

    /// Gives a webhook a new secret. For a day the one before signs as well, so
    /// that the receiver can change over without losing a delivery.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`].
    pub async fn rotate_webhook_secret(
        &self,
        actor: &Actor,
        id: Id<Webhook>,
    ) -> Result<WebhookSecret> {
        actor.needs(Permission::Integrate)?;
        let (secret, now) = (self.draw_signing_secret(), self.now());
        let rotate = move |tx: Tx| async move {
            let mut webhook = get(&tx, id).await?;
            webhook.secrets = webhook.secrets.replaced_by(secret.clone(), now);
            webhook::save(&tx, &webhook).await?;
            tx.record(News::about(EventKind::WebhookUpdated, id), now);
            Ok(WebhookSecret { webhook, secret })
        };
        self.parts.store.write(actor.account, rotate).await
    }

    /// Lists the deliveries of a webhook, newest first: those in `state`, or all;
    /// those before `before`, or from the newest on; 100 at most.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`].
    pub async fn list_deliveries(
        &self,
        actor: &Actor,
        id: Id<Webhook>,
        state: Option<DeliveryState>,
        before: Option<Id<Delivery>>,
        limit: u64,
    ) -> Result<Vec<Delivery>> {
        actor.needs(Permission::Integrate)?;
        let reader = self.read(actor.account);
        get(&reader, id).await?;
        webhook::list_deliveries(&reader, id, state, before, limit.min(PAGE_SIZE_MAX)).await
    }

    /// Delivers once more, whatever became of it: the same event under the same
    /// id, with all its attempts before it.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] without [`Permission::Integrate`]; [`Error::NotFound`].
    pub async fn replay_delivery(
        &self,
        actor: &Actor,
        id: Id<Webhook>,
        delivery: Id<Delivery>,
    ) -> Result<Delivery> {
        actor.needs(Permission::Integrate)?;
        let now = self.now();
        let replay = move |tx: Tx| async move {
            let found = webhook::find_delivery(&tx, id, delivery).await?;
            let mut delivery = found.ok_or(Error::NotFound("delivery"))?;
            delivery.state = DeliveryState::Waiting;
            delivery.attempts = 0;
            delivery.next_at = now;
            webhook::update_delivery(&tx, &delivery).await?;
            Ok(delivery)
        };
        self.parts.store.write(actor.account, replay).await
    }

    /// Checks that a URL may be delivered to, at the time when it is saved; each
    /// delivery checks it again.
    async fn check_url(&self, url: &str) -> Result<()> {
        let checked = self.parts.outbound.check(url).await;
        checked.map(drop).map_err(|refusal| {
            tracing::info!(reason = refusal.code(), "the URL of a webhook was refused");
            Error::invalid("/url", explain(&refusal))
        })
    }
}

async fn get(reader: &store::Reader, id: Id<Webhook>) -> Result<Webhook> {
    webhook::find(reader, id).await?.ok_or(Error::NotFound("webhook"))
}

/// Tells what is wrong with the text of a URL. What a name leads to, and
/// whether anything is there, is said in one sentence for all cases: it would
/// draw a map of the network behind the server.
fn explain(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed(_)
        | Refusal::TooLong { .. }
        | Refusal::Disguised(_)
        | Refusal::Scheme(_)
        | Refusal::Credentials
        | Refusal::Fragment => refusal.to_string(),
        _ => USER_TEXT_EN.to_owned(),
    }
}

fn once_each(kinds: Vec<EventKind>) -> Vec<EventKind> {
    let mut each = Vec::with_capacity(kinds.len().min(EventKind::ALL.len()));
    for kind in kinds {
        if !each.contains(&kind) {
            each.push(kind);
        }
    }
    each
}
