//! The log of all that happened.

use axum::extract::State;
use desk::wire::Event;
use domain::Error;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, ok};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::Query;
use crate::page::{self, Page};
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_events))
}

/// Which part of the log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct EventQuery {
    /// The events after this cursor; from the beginning if absent.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
}

/// Reads the log, oldest first. `next` is null when its end is reached; ask again
/// later with the cursor of the last event.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", params(EventQuery),
    responses((status = 200, description = "A page of events.", body = Page<schema::Event>)))]
async fn list_events(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<EventQuery>,
) -> Answer {
    let limit = page::limit(query.limit)?;
    let after = query.after.unwrap_or(0);
    if after < 0 {
        return Err(Error::invalid("/after", "must not be negative").into());
    }
    let events = app.desk.events_after(actor.account, after, limit + 1).await?;
    let page = Page::of(events, limit, |last| last.event.cursor.to_string(), |view| view);
    let items = page.items.iter().map(Event::for_agents).collect();
    Ok(ok(&Page { items, next: page.next }))
}
