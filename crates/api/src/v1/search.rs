//! Finding messages.

use axum::extract::State;
use desk::{Found, wire};
use domain::Id;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, ok};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::Query;
use crate::page::{self, Page};
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(search_messages))
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SearchQuery {
    /// Words, in Chinese or English; all of them must be there.
    q: String,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// A message that was found, and its conversation.
#[derive(Serialize, ToSchema)]
struct SearchHit<'a> {
    #[schema(value_type = schema::Message)]
    message: wire::Message<'a>,
    #[schema(value_type = schema::Conversation)]
    conversation: wire::Conversation<'a>,
}

impl<'a> From<&'a Found> for SearchHit<'a> {
    fn from(found: &'a Found) -> Self {
        SearchHit { message: (&found.message).into(), conversation: (&found.conversation).into() }
    }
}

/// Finds what contacts and agents said, newest first. The bot's fixed sentences
/// are not searched.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(SearchQuery),
    responses((status = 200, description = "A page of what was found.", body = Page<SearchHit>)))]
async fn search_messages(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<SearchQuery>,
) -> Answer {
    let limit = page::limit(query.limit)?;
    let before = page::decode::<1>(query.after.as_deref())?.map(|[id]| Id::new(id));
    let found = app.desk.search_messages(&actor, &query.q, before, limit).await?;
    let page = Page::full(
        found,
        limit,
        |last| page::encode(&[last.message.message.id.number()]),
        |hit| hit,
    );
    let items = page.items.iter().map(SearchHit::from).collect();
    Ok(ok(&Page { items, next: page.next }))
}
