//! What contacts thought.

use axum::extract::State;
use desk::wire::Time;
use domain::Error;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Query};
use crate::page::{self, Page, Paging};
use crate::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_ratings))
}

/// A contact's verdict on a resolved conversation.
#[derive(Serialize, ToSchema)]
struct Rating {
    conversation_id: i64,
    /// From 1, bad, to 5, good.
    #[schema(minimum = 1, maximum = 5)]
    score: i16,
    /// May be empty.
    comment: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// Lists every verdict, newest first, also of earlier resolutions.
#[utoipa::path(get, path = "/api/v1/ratings", tag = "ratings", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Rating>)))]
async fn list_ratings(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Rating>>, Problem> {
    let limit = page::limit(paging.limit)?;
    let before =
        page::decode::<1>(paging.after.as_deref())?.map(|[ms]| Timestamp::from_millisecond(ms));
    let before = before
        .transpose()
        .map_err(|_| Error::invalid("/after", "is not the `next` of a page of this list"))?;
    let ratings = app.desk.list_ratings(&actor, before, limit + 1).await?;
    let form = |rating: domain::Rating| Rating {
        conversation_id: rating.conversation.number(),
        score: rating.score,
        comment: rating.comment,
        created_at: rating.created_at.into(),
    };
    Ok(Json(Page::of(
        ratings,
        limit,
        |last| page::encode(&[last.created_at.as_millisecond()]),
        form,
    )))
}
