//! The persons who ask.

use axum::extract::State;
use desk::wire::Time;
use desk::{ChangeContact as Change, ListConversations};
use domain::{Id, Language};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Answer;
use super::conversations::list_page;
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{self, Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_contacts))
        .routes(routes!(get_contact, change_contact))
        .routes(routes!(list_contact_conversations))
}

/// A person who asks.
#[derive(Serialize, ToSchema)]
struct Contact {
    id: i64,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    /// Whether the company vouched for who this is.
    verified: bool,
    /// The language last used.
    #[schema(value_type = schema::Language)]
    language: Language,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// What to change; what is absent stays as it is, what is null is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeContact {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    #[schema(value_type = Option<schema::Language>, nullable = false)]
    language: Option<Language>,
}

/// Tells a null from an absence.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Which contacts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ContactQuery {
    /// Only those whose name, e-mail or phone contains this.
    search: Option<String>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<domain::Contact> for Contact {
    fn from(contact: domain::Contact) -> Self {
        Contact {
            id: contact.id.number(),
            name: contact.name,
            email: contact.email,
            phone: contact.phone,
            verified: contact.verified,
            language: contact.language,
            created_at: contact.created_at.into(),
        }
    }
}

/// Lists contacts, newest first.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(ContactQuery),
    responses((status = 200, description = "A page of them.", body = Page<Contact>)))]
async fn list_contacts(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<ContactQuery>,
) -> Result<Json<Page<Contact>>, Problem> {
    let limit = page::limit(query.limit)?;
    let before = page::decode::<1>(query.after.as_deref())?.map(|[id]| Id::new(id));
    let contacts =
        app.desk.list_contacts(&actor, query.search.as_deref(), before, limit + 1).await?;
    Ok(Json(Page::of(contacts, limit, |last| page::encode(&[last.id.number()]), Contact::from)))
}

/// Reads one contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "contacts",
    responses((status = 200, description = "The contact.", body = Contact)))]
async fn get_contact(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Contact>, Problem> {
    Ok(Json(app.desk.get_contact(&actor, Id::new(id)).await?.into()))
}

/// Changes what is known of a contact.
#[utoipa::path(patch, path = "/api/v1/contacts/{id}", tag = "contacts",
    responses((status = 200, description = "The contact as it is now.", body = Contact)))]
async fn change_contact(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeContact>,
) -> Result<Json<Contact>, Problem> {
    let ChangeContact { name, email, phone, language } = change;
    let change = Change { name, email, phone, language };
    Ok(Json(app.desk.change_contact(&actor, Id::new(id), change).await?.into()))
}

/// Lists a contact's conversations, those that last rose to the top first.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/conversations", tag = "contacts", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<schema::Conversation>)))]
async fn list_contact_conversations(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Query(paging): Query<Paging>,
) -> Answer {
    app.desk.get_contact(&actor, Id::new(id)).await?;
    let wanted = ListConversations { contact: Some(Id::new(id)), ..ListConversations::default() };
    list_page(&app, &actor, wanted, &paging).await
}
