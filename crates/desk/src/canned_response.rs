//! Canned responses: reusable texts (话术) with variables.

use domain::{
    CannedResponse, Conversation, Error, EventKind, Id, Language, MESSAGE_CHARS_MAX, News,
    Permission, Result, Rule, Variables, clean_line, clean_text,
};
use serde_json::json;
use store::Tx;

use crate::check::Fields;
use crate::{Actor, Desk};

/// How many canned responses an account may have.
const CANNED_RESPONSES_MAX: usize = 5_000;
/// How long a short code may be, in characters.
const SHORT_CODE_CHARS_MAX: usize = 40;

/// What to change about a canned response; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
pub struct ChangeCannedResponse {
    /// What an agent types after `/`.
    pub short_code: Option<String>,
    /// The language that it is written in.
    pub language: Option<Language>,
    /// The text, with variables.
    pub text: Option<String>,
}

impl Desk {
    /// Lists the canned responses of the account by short code.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`].
    pub async fn list_canned_responses(&self, actor: &Actor) -> Result<Vec<CannedResponse>> {
        actor.needs(Permission::ReadDirectory)?;
        store::canned_response::list(&self.read(actor.account)).await
    }

    /// Adds a canned response.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::Invalid`], [`Rule::NameTaken`] and
    /// [`Rule::LimitReached`].
    pub async fn create_canned_response(
        &self,
        actor: &Actor,
        short_code: &str,
        language: Language,
        text: &str,
    ) -> Result<CannedResponse> {
        actor.needs(Permission::WriteLibrary)?;
        let mut fields = Fields::default();
        let short_code = fields.take(check_short_code(short_code));
        let text = fields.take(check_text(text));
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if store::canned_response::list(&tx).await?.len() >= CANNED_RESPONSES_MAX {
                return Err(Rule::LimitReached.into());
            }
            let response = CannedResponse { id: tx.id()?, short_code, language, text };
            store::canned_response::save(&tx, &response).await?;
            tx.record(News::about(EventKind::CannedResponseUpdated, response.id), now);
            Ok(response)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Changes a canned response.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`] and
    /// [`Rule::NameTaken`].
    pub async fn change_canned_response(
        &self,
        actor: &Actor,
        id: Id<CannedResponse>,
        change: ChangeCannedResponse,
    ) -> Result<CannedResponse> {
        actor.needs(Permission::WriteLibrary)?;
        let mut fields = Fields::default();
        let short_code = change.short_code.map(|code| fields.take(check_short_code(&code)));
        let text = change.text.map(|text| fields.take(check_text(&text)));
        fields.done()?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            let before = store::canned_response::find(&tx, id).await?.ok_or(NOT_FOUND)?;
            let response = CannedResponse {
                id,
                short_code: short_code.unwrap_or_else(|| before.short_code.clone()),
                language: change.language.unwrap_or(before.language),
                text: text.unwrap_or_else(|| before.text.clone()),
            };
            if response != before {
                store::canned_response::save(&tx, &response).await?;
                tx.record(News::about(EventKind::CannedResponseUpdated, id), now);
            }
            Ok(response)
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Removes a canned response.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn delete_canned_response(
        &self,
        actor: &Actor,
        id: Id<CannedResponse>,
    ) -> Result<()> {
        actor.needs(Permission::WriteLibrary)?;
        let now = self.now();
        let body = move |tx: Tx| async move {
            if !store::canned_response::delete(&tx, id).await? {
                return Err(NOT_FOUND);
            }
            let news = News::about(EventKind::CannedResponseUpdated, id);
            tx.record(news.with(json!({"removed": true})), now);
            Ok(())
        };
        self.parts.store.write(actor.account, body).await
    }

    /// Fills the variables of a canned response for a conversation.
    ///
    /// # Errors
    ///
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn render_canned_response(
        &self,
        actor: &Actor,
        id: Id<CannedResponse>,
        conversation: Id<Conversation>,
    ) -> Result<String> {
        actor.needs(Permission::ReadConversations)?;
        let reader = self.read(actor.account);
        let response = store::canned_response::find(&reader, id).await?.ok_or(NOT_FOUND)?;
        let conversation = store::conversation::find(&reader, conversation)
            .await?
            .ok_or(Error::NotFound("the conversation"))?;
        let contact = store::contact::find(&reader, conversation.contact).await?;
        let variables = Variables {
            contact_name: contact
                .as_ref()
                .and_then(|contact| contact.name.as_deref())
                .unwrap_or_default(),
            agent_name: &actor.name,
            conversation_id: conversation.id.number(),
        };
        Ok(variables.render(&response.text))
    }
}

const NOT_FOUND: Error = Error::NotFound("the canned response");

fn check_short_code(code: &str) -> Result<String> {
    let code = clean_line(code.trim_start_matches('/'), "/short_code", SHORT_CODE_CHARS_MAX)?;
    if code.contains(char::is_whitespace) {
        return Err(Error::invalid("/short_code", "must be one word"));
    }
    Ok(code)
}

fn check_text(text: &str) -> Result<String> {
    let text = clean_text(text, "/text", MESSAGE_CHARS_MAX)?;
    if text.is_empty() {
        return Err(Error::invalid("/text", "must not be empty"));
    }
    Ok(text)
}
